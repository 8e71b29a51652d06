//! Lists of values, and counts of them, in messages.

use std::fmt;

/// The most values that a message lists.
const MOST_NAMED: usize = 100;

/// `1, 2, 3`: the first of many, and how many there are beside them.
pub(crate) fn listed(values: impl ExactSizeIterator<Item: fmt::Display>) -> String {
    let more = values.len().saturating_sub(MOST_NAMED);
    let named: Vec<String> = values.take(MOST_NAMED).map(|it| it.to_string()).collect();
    let named = named.join(", ");
    match more {
        0 => named,
        more => [&named, "and", &more.to_string(), "more"].join(" "),
    }
}

/// `one of 1, 2, 3`: what a list of values accepts.
pub(crate) fn one_of(values: impl ExactSizeIterator<Item: fmt::Display>) -> String {
    match values.len() {
        0 => "no value at all".to_owned(),
        _ => format!("one of {}", listed(values)),
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
