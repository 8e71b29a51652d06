//! What guards ask of the parts of a value, for generated code to put together, and for
//! what goes through the rules of a schema.

use crate::array::is_within;
use crate::constant::Constant;
pub use crate::rules::{Member, Place, Test};
use crate::view::{self, Look, View};

/// Whether a member passes `test`, where the value is an object; one that is missing
/// does unless it is required.
#[inline]
pub fn member(
    value: &dyn View,
    name: &str,
    is_required: bool,
    test: impl FnOnce(&dyn View) -> bool,
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
pub fn one(passed: &[bool]) -> bool {
    passed.iter().filter(|it| **it).count() == 1
}

/// Whether a value is one of `constants`.
#[inline]
pub fn listed(value: &dyn View, constants: &[Constant]) -> bool {
    let look = value.look();
    let mut constants = constants.iter();
    constants.any(|it| view::looks_same(&view::constant(*it), &look))
}

/// Whether every item passes `test`, where the value is an array.
#[inline]
pub fn items(value: &dyn View, test: impl FnMut(&dyn View) -> bool) -> bool {
    match value.look() {
        Look::Array(items) => items.iter().all(test),
        _ => true,
    }
}

/// Whether from `least` to `most` items pass `test`, where the value is an array.
#[inline]
pub fn contains(
    value: &dyn View,
    (least, most): (u64, Option<u64>),
    mut test: impl FnMut(&dyn View) -> bool,
) -> bool {
    let Look::Array(items) = value.look() else {
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
