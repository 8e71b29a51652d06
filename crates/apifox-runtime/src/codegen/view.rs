//! The fields of an object as [`JsonView`]s: a function for each kind of presence.

use crate::value::additional::Additional;
use crate::value::constant::Constant;
use crate::value::json_view::{JsonRef, JsonView};
use crate::value::or_empty::OrEmpty;

/// A listed value.
#[must_use]
pub fn constant(value: Constant) -> JsonRef<'static> {
    value.to_json()
}

/// A required field.
pub fn required(value: &impl JsonView) -> Option<&dyn JsonView> {
    Some(value)
}

/// An optional field.
pub fn optional(value: &Option<impl JsonView>) -> Option<&dyn JsonView> {
    value.as_ref().map(|value| value as &dyn JsonView)
}

/// A member that the schema does not name. Not inlined, so that what looks for one that it does
/// name is short, and is inlined itself.
#[inline(never)]
pub fn additional<'v, S, V: JsonView>(
    rest: &'v Additional<S, V>,
    name: &str,
) -> Option<&'v dyn JsonView> {
    rest.get(name).map(|value| value as &dyn JsonView)
}

/// An optional field whose empty string means that it is missing.
pub fn or_empty(value: &OrEmpty<impl JsonView>) -> Option<&dyn JsonView> {
    match value {
        OrEmpty::Missing => None,
        value => Some(value),
    }
}
