//! The predicates that a guard's `satisfies` is composed of.

use crate::validate::items::is_within;
pub use crate::validate::rules::rule::Type;
use crate::value::constant::Constant;
use crate::value::json_view::{JsonRef, JsonView};

/// Whether a member of an object satisfies `predicate`. A missing member does unless it is
/// required, and values of other types do.
#[inline]
pub fn member(
    value: &dyn JsonView,
    name: &str,
    is_required: bool,
    predicate: impl FnOnce(&dyn JsonView) -> bool,
) -> bool {
    match value.members() {
        Some(members) => match members.member(name) {
            Some(member) => predicate(member),
            None => !is_required,
        },
        None => true,
    }
}

/// Whether a value is no object with other members than these.
#[inline]
pub fn only(value: &dyn JsonView, names: &[&str]) -> bool {
    value.members().is_none_or(|members| {
        let present = names.iter().filter(|name| members.member(name).is_some());
        present.count() == members.count()
    })
}

/// Whether a value is of one of these types.
#[inline]
pub fn is_typed(value: &dyn JsonView, types: &[Type]) -> bool {
    let value = value.as_json();
    types.iter().any(|one| one.is_type_of(&value))
}

/// Whether an array has at least `least` and at most `most` items; values of other types do.
#[inline]
pub fn is_long(value: &dyn JsonView, (least, most): (u64, Option<u64>)) -> bool {
    match value.as_json() {
        JsonRef::Array(items) => is_within((least, most), items.count() as u64),
        _ => true,
    }
}

/// Whether exactly one of several predicates is satisfied.
#[must_use]
#[inline]
pub fn exactly_one(satisfied: &[bool]) -> bool {
    satisfied
        .iter()
        .filter(|is_satisfied| **is_satisfied)
        .count()
        == 1
}

/// Whether a value is one of `constants`.
#[inline]
pub fn is_listed(value: &dyn JsonView, constants: &[Constant]) -> bool {
    let value = value.as_json();
    constants.iter().any(|constant| constant.is_json(&value))
}

/// Whether every item of an array satisfies `predicate`; values of other types do.
#[inline]
pub fn items(value: &dyn JsonView, predicate: impl FnMut(&dyn JsonView) -> bool) -> bool {
    match value.as_json() {
        JsonRef::Array(items) => items.iter().all(predicate),
        _ => true,
    }
}

/// Whether at least `least` and at most `most` items of an array satisfy `predicate`;
/// values of other types do.
#[inline]
pub fn contains(
    value: &dyn JsonView,
    (least, most): (u64, Option<u64>),
    mut predicate: impl FnMut(&dyn JsonView) -> bool,
) -> bool {
    let JsonRef::Array(items) = value.as_json() else {
        return true;
    };
    // Once this many are found, the verdict is known.
    let enough = most.map_or(least, |most| most.saturating_add(1));
    let mut count = 0;
    let mut items = items.iter();
    while count < enough
        && let Some(item) = items.next()
    {
        count += u64::from(predicate(item));
    }
    is_within((least, most), count)
}
