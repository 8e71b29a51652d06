//! The rules of arrays that are not about one item.

use std::collections::HashMap;

use serde::Serialize;

use crate::validate::listing::Counted;
use crate::validate::report::{Invalid, Report};
use crate::value::hash::JsonHasher;
use crate::value::json_view::{Elements, JsonView, same};
use crate::value::node::Node;
use crate::value::path::Path;

/// `minItems`, `maxItems`, `uniqueItems` and `contains`.
#[derive(Clone, Copy, Debug)]
pub struct Items<T> {
    /// The fewest items allowed.
    pub min_items: u64,
    /// The most items allowed.
    pub max_items: Option<u64>,
    /// Whether no two items may be equal.
    pub unique_items: bool,
    /// A kind of item that has to occur.
    pub contains: Option<Contains<T>>,
}

impl<T> Items<T> {
    /// No rules.
    pub const ANY: Self = Self {
        min_items: 0,
        max_items: None,
        unique_items: false,
        contains: None,
    };
}

/// `contains` with `minContains` and `maxContains`.
#[derive(Clone, Copy, Debug)]
pub struct Contains<T> {
    /// Whether an item counts.
    pub accepts_node: fn(&Node<'_>) -> bool,
    /// The same for an item that was decoded.
    pub accepts_item: fn(&T) -> bool,
    /// The fewest items that have to count.
    pub min_contains: u64,
    /// The most items that may count.
    pub max_contains: Option<u64>,
}

impl<T> Items<T> {
    /// Checks the array `node`; what is not an array is left to the caller.
    pub fn check(&self, node: &Node<'_>, at: Path<'_>, report: &mut Report) -> Option<()> {
        let Node::Array(items) = node else {
            return Some(());
        };
        let unique = match self.unique_items {
            true => check_unique(items, at, report),
            false => Some(()),
        };
        let count = |contains: &Contains<T>| {
            let matching = items.iter().filter(|item| (contains.accepts_node)(item));
            matching.count()
        };
        let counts = (items.len(), self.contains.as_ref().map(count));
        self.check_counts(counts, node, at, report).and(unique)
    }

    /// Whether items that were decoded obey the rules.
    #[inline]
    pub fn accepts(&self, items: &[T]) -> bool
    where
        T: Serialize,
    {
        let matching = |contains: &Contains<T>| {
            items
                .iter()
                .filter(|item| (contains.accepts_item)(item))
                .count() as u64
        };
        is_within((self.min_items, self.max_items), items.len() as u64)
            && self.contains.as_ref().is_none_or(|contains| {
                is_within(
                    (contains.min_contains, contains.max_contains),
                    matching(contains),
                )
            })
            && (!self.unique_items || are_unique(items))
    }

    /// Checks items that were made in Rust.
    ///
    /// # Errors
    ///
    /// Every rule that they break.
    pub fn check_built(&self, items: &[T]) -> Result<(), Invalid>
    where
        T: Serialize,
    {
        if self.accepts(items) {
            return Ok(());
        }
        let mut report = Report::default();
        let node = Node::encode(&items).unwrap_or(Node::Null);
        let checked = self.check(&node, Path::ROOT, &mut report);
        report.conclude(checked)
    }

    /// Checks how many items there are, and how many of them count.
    fn check_counts(
        &self,
        (count, matching): (usize, Option<usize>),
        node: &Node<'_>,
        at: Path<'_>,
        report: &mut Report,
    ) -> Option<()> {
        let bounds = (self.min_items, self.max_items);
        let counted = check_count(bounds, count, node, at, report);
        let contains = match self.contains.as_ref().zip(matching) {
            Some((contains, matching)) => {
                let bounds = (contains.min_contains, contains.max_contains);
                check_contains(bounds, matching, node, at, report)
            }
            None => Some(()),
        };
        counted.and(contains)
    }
}

/// Whether no two items have equal JSON.
fn are_unique<T: Serialize>(items: &[T]) -> bool {
    match Node::encode(&items) {
        Ok(Node::Array(nodes)) => {
            check_unique(&nodes, Path::ROOT, &mut Report::verdict_only()).is_some()
        }
        _ => true,
    }
}

/// Whether `count` is within the limits, both inclusive.
#[inline]
pub(crate) fn is_within((least, most): (u64, Option<u64>), count: u64) -> bool {
    least <= count && most.is_none_or(|most| count <= most)
}

/// `minItems` and `maxItems`.
pub(crate) fn check_count(
    (least, most): (u64, Option<u64>),
    count: usize,
    array: &dyn JsonView,
    at: Path<'_>,
    report: &mut Report,
) -> Option<()> {
    let keywords = ("minItems", "maxItems");
    check_counted((least, most), count, keywords, "item", array, at, report)
}

/// Whether there are enough of something in an array, and not too many, for two keywords.
fn check_counted(
    (least, most): (u64, Option<u64>),
    count: usize,
    (low, high): (&'static str, &'static str),
    noun: &'static str,
    array: &dyn JsonView,
    at: Path<'_>,
    report: &mut Report,
) -> Option<()> {
    let count = count as u64;
    if count < least {
        return report.violation(at, low, array, Counted("at least", least, noun));
    }
    match most {
        Some(most) if count > most => {
            report.violation(at, high, array, Counted("at most", most, noun))
        }
        _ => Some(()),
    }
}

/// `uniqueItems`
pub(crate) fn check_unique(items: &dyn Elements, at: Path<'_>, report: &mut Report) -> Option<()> {
    match first_repeated(items) {
        Some((index, item)) => {
            let expected = "an item unlike those before it";
            report.violation(at.index(index), "uniqueItems", item, expected)
        }
        None => Some(()),
    }
}

/// The first item that is equal to one before it.
fn first_repeated(items: &dyn Elements) -> Option<(usize, &dyn JsonView)> {
    /// Up to this many items, comparing all pairs is quicker than hashing.
    const FEW: usize = 8;
    let is_before = |index: usize, item: &dyn JsonView| {
        let mut before = items.iter().take(index);
        before.any(|other| same(other, item))
    };
    let mut each = items.iter().enumerate();
    if items.count() <= FEW {
        return each.find(|(index, item)| is_before(*index, *item));
    }
    let hasher = JsonHasher::default();
    let mut by_hash: HashMap<u64, Vec<&dyn JsonView>> = HashMap::with_capacity(items.count());
    each.find(|(_, item)| {
        let alike = by_hash.entry(hasher.hash(*item)).or_default();
        let is_repeated = alike.iter().any(|other| same(*other, *item));
        alike.push(*item);
        is_repeated
    })
}

/// `contains`, given how many items count and how many have to.
pub(crate) fn check_contains(
    (least, most): (u64, Option<u64>),
    count: usize,
    array: &dyn JsonView,
    at: Path<'_>,
    report: &mut Report,
) -> Option<()> {
    const NOUN: &str = "item that `contains` describes";
    let low = match least {
        1 => "contains",
        _ => "minContains",
    };
    let keywords = (low, "maxContains");
    check_counted((least, most), count, keywords, NOUN, array, at, report)
}
