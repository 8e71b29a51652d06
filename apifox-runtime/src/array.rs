//! The rules of arrays that no item can see for itself.

use serde::Serialize;

use crate::node::Node;
use crate::path::Path;
use crate::report::{Invalid, Report};

/// `minItems`, `maxItems`, `uniqueItems` and `contains`.
#[derive(Clone, Copy, Debug)]
pub struct Items {
    /// The fewest items allowed.
    pub min_items: u64,
    /// The most items allowed.
    pub max_items: Option<u64>,
    /// Whether no two items may be equal.
    pub unique_items: bool,
    /// What some of the items have to be.
    pub contains: Option<Contains>,
}

/// `contains` with `minContains` and `maxContains`.
#[derive(Clone, Copy, Debug)]
pub struct Contains {
    /// Whether an item counts.
    pub matches: fn(&Node<'_>) -> bool,
    /// The fewest items that have to count.
    pub min_contains: u64,
    /// The most items that may count.
    pub max_contains: Option<u64>,
}

impl Items {
    /// Checks the array `node`; what is no array is left to the caller.
    pub fn check(&self, node: &Node<'_>, at: Path<'_>, report: &mut Report) -> Option<()> {
        let Node::Array(items) = node else {
            return Some(());
        };
        let (least, most) = (self.min_items, self.max_items);
        let counted = check_count(least, most, items.len(), node, at, report);
        let unique = match self.unique_items {
            true => check_unique(items, at, report),
            false => Some(()),
        };
        let contains = match &self.contains {
            Some(contains) => {
                let count = items.iter().filter(|item| (contains.matches)(item)).count();
                let bounds = (contains.min_contains, contains.max_contains);
                check_contains(bounds, count, node, at, report)
            }
            None => Some(()),
        };
        counted.and(unique).and(contains)
    }

    /// Checks items that were put together in Rust.
    ///
    /// # Errors
    ///
    /// Every rule that they break.
    pub fn check_built<T: Serialize>(&self, items: &[T]) -> Result<(), Invalid> {
        let mut report = Report::default();
        // Without these two only the number of items counts, not what they are.
        let by_count = !self.unique_items && self.contains.is_none();
        let node = if by_count {
            Node::Array(vec![Node::Null; items.len()])
        } else {
            Node::encode(&items).unwrap_or(Node::Null)
        };
        let checked = self.check(&node, Path::ROOT, &mut report);
        report.conclude(checked)
    }
}

/// The items of an array of exactly `count` items.
pub fn exactly<'n>(
    count: usize,
    node: &'n Node<'n>,
    at: Path<'_>,
    report: &mut Report,
) -> Option<&'n [Node<'n>]> {
    let Node::Array(items) = node else {
        return report.wrong_type(at, node, "an array");
    };
    let exact = count as u64;
    check_count(exact, Some(exact), items.len(), node, at, report)?;
    Some(items)
}

/// `minItems` and `maxItems`.
pub(crate) fn check_count(
    least: u64,
    most: Option<u64>,
    count: usize,
    node: &Node<'_>,
    at: Path<'_>,
    report: &mut Report,
) -> Option<()> {
    let count = count as u64;
    if count < least {
        return report.violation(at, "minItems", node, Counted("at least", least, "item"));
    }
    match most {
        Some(most) if count > most => {
            report.violation(at, "maxItems", node, Counted("at most", most, "item"))
        }
        _ => Some(()),
    }
}

/// `uniqueItems`
pub(crate) fn check_unique(items: &[Node<'_>], at: Path<'_>, report: &mut Report) -> Option<()> {
    let twice = items
        .iter()
        .enumerate()
        .find(|(index, item)| items[..*index].contains(item));
    match twice {
        Some((index, item)) => {
            let expected = "an item unlike those before it";
            report.violation(at.index(index), "uniqueItems", item, expected)
        }
        None => Some(()),
    }
}

/// `contains`, given how many items count and how many have to.
pub(crate) fn check_contains(
    (least, most): (u64, Option<u64>),
    count: usize,
    node: &Node<'_>,
    at: Path<'_>,
    report: &mut Report,
) -> Option<()> {
    const NOUN: &str = "item of the kind that `contains` names";
    let count = count as u64;
    if count < least {
        let keyword = if least == 1 {
            "contains"
        } else {
            "minContains"
        };
        return report.violation(at, keyword, node, Counted("at least", least, NOUN));
    }
    match most {
        Some(most) if count > most => {
            report.violation(at, "maxContains", node, Counted("at most", most, NOUN))
        }
        _ => Some(()),
    }
}

/// `at most 3 items`
struct Counted(&'static str, u64, &'static str);

impl std::fmt::Display for Counted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
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
