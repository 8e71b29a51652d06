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
        let counted = self.check_count(items.len() as u64, node, at, report);
        let unique = self.check_unique(items, at, report);
        let contains = self.check_contains(items, node, at, report);
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

    fn check_count(
        &self,
        count: u64,
        node: &Node<'_>,
        at: Path<'_>,
        report: &mut Report,
    ) -> Option<()> {
        let least = self.min_items;
        if count < least {
            return report.violation(at, "minItems", node, Counted("at least", least, "item"));
        }
        match self.max_items {
            Some(most) if count > most => {
                report.violation(at, "maxItems", node, Counted("at most", most, "item"))
            }
            _ => Some(()),
        }
    }

    fn check_unique(&self, items: &[Node<'_>], at: Path<'_>, report: &mut Report) -> Option<()> {
        if !self.unique_items {
            return Some(());
        }
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

    fn check_contains(
        &self,
        items: &[Node<'_>],
        node: &Node<'_>,
        at: Path<'_>,
        report: &mut Report,
    ) -> Option<()> {
        let Some(contains) = &self.contains else {
            return Some(());
        };
        let count = items.iter().filter(|item| (contains.matches)(item)).count() as u64;
        let least = contains.min_contains;
        if count < least {
            let keyword = if least == 1 {
                "contains"
            } else {
                "minContains"
            };
            let expected = Counted("at least", least, "item of the kind that `contains` names");
            return report.violation(at, keyword, node, expected);
        }
        match contains.max_contains {
            Some(most) if count > most => {
                let expected = Counted("at most", most, "item of the kind that `contains` names");
                report.violation(at, "maxContains", node, expected)
            }
            _ => Some(()),
        }
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
