//! Lists of values in messages.

/// The most values that a message lists.
pub(crate) const MOST_NAMED: usize = 100;

/// `one of 1, 2, 3`, of which there are `count` and the first [`MOST_NAMED`] are `named`.
pub(crate) fn one_of(named: &[String], count: usize) -> String {
    let named = named.join(", ");
    match count.saturating_sub(MOST_NAMED) {
        0 => format!("one of {named}"),
        more => format!("one of {named} and {more} more"),
    }
}
