//! Where a change between two documents is, in words.

use apifox_review::{Change, DistinctChange};
use tr::tr;

use crate::language::review;

/// The part of the operation, and the place in its value.
pub(super) fn place(change: &Change) -> String {
    let part = review::part(change);
    let place = [part.as_str(), change.path.as_str()];
    let place: Vec<&str> = place.into_iter().filter(|part| !part.is_empty()).collect();
    place.join(" ")
}

/// At which other places the same part of the documents is met: how many, and the first.
pub(super) fn elsewhere(told: &DistinctChange<'_>) -> Option<String> {
    let first = told.elsewhere.first()?;
    let count = told.elsewhere.len();
    let at = match &first.operation {
        Some(operation) if first.operation != told.change.operation => {
            format!("{operation} {}", place(first))
        }
        _ => place(first),
    };
    Some(match count {
        1 => tr!("also at {at}", at),
        _ => tr!("also at {count} more places, such as {at}", count, at),
    })
}
