//! What guards ask of the parts of a value, for generated code to put together, and for
//! what goes through the rules of a schema.

use crate::validate::items::is_within;
use crate::value::constant::Constant;
use crate::value::json_view::{JsonRef, JsonView, equal_refs};

/// Whether a member passes `test`, where the value is an object; one that is missing
/// does unless it is required.
#[inline]
pub fn member(
    value: &dyn JsonView,
    name: &str,
    is_required: bool,
    test: impl FnOnce(&dyn JsonView) -> bool,
) -> bool {
    match value.members() {
        Some(members) => match members.member(name) {
            Some(member) => test(member),
            None => !is_required,
        },
        None => true,
    }
}

/// Whether one of several tests is passed, and no other.
#[must_use]
#[inline]
pub fn exactly_one(passed: &[bool]) -> bool {
    passed.iter().filter(|it| **it).count() == 1
}

/// Whether a value is one of `constants`.
#[inline]
pub fn is_listed(value: &dyn JsonView, constants: &[Constant]) -> bool {
    let look = value.as_json();
    let mut constants = constants.iter();
    constants.any(|it| equal_refs(&it.to_json(), &look))
}

/// Whether every item passes `test`, where the value is an array.
#[inline]
pub fn items(value: &dyn JsonView, test: impl FnMut(&dyn JsonView) -> bool) -> bool {
    match value.as_json() {
        JsonRef::Array(items) => items.iter().all(test),
        _ => true,
    }
}

/// Whether from `least` to `most` items pass `test`, where the value is an array.
#[inline]
pub fn contains(
    value: &dyn JsonView,
    (least, most): (u64, Option<u64>),
    mut test: impl FnMut(&dyn JsonView) -> bool,
) -> bool {
    let JsonRef::Array(items) = value.as_json() else {
        return true;
    };
    // Once there are as many, no more have to be looked at.
    let enough = most.map_or(least, |most| most.saturating_add(1));
    let mut count = 0;
    let mut items = items.iter();
    while count < enough
        && let Some(item) = items.next()
    {
        count += u64::from(test(item));
    }
    is_within((least, most), count)
}
