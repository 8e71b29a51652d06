//! Lists of values, and counts of them, in messages.

use std::fmt;

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

/// `at most 3 items`: a bound, how many, and of what.
pub(crate) struct Counted(
    pub(crate) &'static str,
    pub(crate) u64,
    pub(crate) &'static str,
);

impl fmt::Display for Counted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(bound, count, noun) = self;
        if *count == 1 {
            return write!(f, "{bound} 1 {noun}");
        }
        match noun.split_once(' ') {
            Some((noun, rest)) => write!(f, "{bound} {count} {noun}s {rest}"),
            None => write!(f, "{bound} {count} {noun}s"),
        }
    }
}
