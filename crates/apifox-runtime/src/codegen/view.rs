//! The fields of an object as [`JsonView`]s, one function a presence.

use crate::value::constant::Constant;
use crate::value::json_view::{JsonRef, JsonView};
use crate::value::or_empty::OrEmpty;

/// One of an enumeration's values.
#[must_use]
pub fn constant(value: Constant) -> JsonRef<'static> {
    value.to_json()
}

/// A field that has to be there.
pub fn required(value: &impl JsonView) -> Option<&dyn JsonView> {
    Some(value)
}

/// A field that may be missing.
pub fn optional(value: &Option<impl JsonView>) -> Option<&dyn JsonView> {
    value.as_ref().map(|value| value as &dyn JsonView)
}

/// A field whose empty string is as good as none.
pub fn or_empty(value: &OrEmpty<impl JsonView>) -> Option<&dyn JsonView> {
    match value {
        OrEmpty::Missing => None,
        value => Some(value),
    }
}
