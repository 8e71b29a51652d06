//! The predicates that a guard's `satisfies` is composed of.

use crate::validate::items::is_within;
pub use crate::validate::rules::rule::Type;
use crate::validate::rules::same_length;
#[doc(hidden)] // for the generator alone
pub use crate::validate::rules::same_length::{SameLength, Step};
use crate::validate::rules::sum;
#[doc(hidden)] // for the generator alone
pub use crate::validate::rules::sum::Sum;
use crate::value::constant::Constant;
use crate::value::dimensions::Dimensions;
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
    match value.lookup(name) {
        Some(Some(member)) => predicate(member),
        Some(None) => !is_required,
        None => true,
    }
}

/// Whether a value is no object with other members than these.
#[inline]
pub fn only(value: &dyn JsonView, names: &[&str]) -> bool {
    let JsonRef::Object(members) = value.as_json() else {
        return true;
    };
    let present = names.iter().filter(|name| members.member(name).is_some());
    present.count() == members.count()
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
    if let Some(size) = value.dimensions() {
        return is_listed_size(size, constants);
    }
    let value = value.as_json();
    constants.iter().any(|constant| constant.is_json(&value))
}

fn is_listed_size(size: Dimensions, constants: &[Constant]) -> bool {
    let is_it = |constant: &Constant| match constant {
        Constant::Text(text) => size.is(text),
        _ => false,
    };
    constants.iter().any(is_it)
}

/// Whether the amounts that the items of an array have as a member add up to `total`; where they
/// are no amounts of this unit they do, and values of other types do.
#[inline]
#[must_use]
pub fn adds_up(value: &dyn JsonView, of: &str, total: u128, unit: &str) -> bool {
    sum::add_up(value, of, total, unit).is_ok()
}

/// The member or item that a step of a JSON pointer leads to.
#[inline]
#[must_use]
pub fn step<'v>(
    value: Option<&'v dyn JsonView>,
    name: &str,
    index: Option<usize>,
) -> Option<&'v dyn JsonView> {
    same_length::step(value?, name, index)
}

/// Whether two values, if both are arrays, are equally long. Of the other one items count that
/// have the member `counting`.
#[inline]
pub fn have_same_length<'v>(
    array: Option<&'v dyn JsonView>,
    other: impl FnOnce() -> Option<&'v dyn JsonView>,
    counting: Option<&str>,
) -> bool {
    same_length::have_same_length(array, other, counting).is_ok()
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
