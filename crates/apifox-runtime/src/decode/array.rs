//! Reading arrays item by item.

use serde::Serialize;
use serde::de::{Deserializer, SeqAccess, Visitor};

use crate::decode::decoding::{Decode, Left, Rejected, of_tree, put, restore};
use crate::decode::seed::Seed;
use crate::decode::tree::{NodeVisitor, as_tree};
use crate::validate::items::check_count;
use crate::validate::report::Report;
use crate::value::node::Node;
use crate::value::path::Path;

/// Reads an array of any length.
#[inline]
pub(crate) fn read_array<'de, T: Decode + Serialize, D: Deserializer<'de>>(
    deserializer: D,
    place: &mut Option<Vec<T>>,
) -> Result<Rejected<'de>, D::Error> {
    let mut left = Left::NOTHING;
    deserializer.deserialize_any(ArrayVisitor(place, &mut left))?;
    Ok(left.settle(place))
}

struct ArrayVisitor<'p, 'de, T>(&'p mut Option<Vec<T>>, &'p mut Left<'de>);

impl<'de, T: Decode + Serialize> Visitor<'de> for ArrayVisitor<'_, 'de, T> {
    type Value = ();

    as_tree!(scalars);
    as_tree!(wrapped);
    as_tree!(object);

    #[inline]
    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<(), A::Error> {
        let mut items = Vec::new();
        let mut item = None;
        while let Some(rejected) = next(&mut access, &mut item)? {
            if let Some(node) = rejected {
                self.1.put(whole(&items, *node, access)?);
                return Ok(());
            }
            if let Some(item) = item.take() {
                // About as much room as a vector takes that grows, which takes longer.
                if items.capacity() == 0 {
                    items = Vec::with_capacity(if size_of::<T>() <= 1024 { 4 } else { 1 });
                }
                items.push(item);
            }
        }
        put(self.0, items);
        Ok(())
    }
}

/// Reads the next item, if there is one.
#[inline]
fn next<'de, T: Decode, A: SeqAccess<'de>>(
    access: &mut A,
    place: &mut Option<T>,
) -> Result<Option<Rejected<'de>>, A::Error> {
    match T::IS_COMPOSITE {
        true => access.next_element_seed(Seed(place)),
        false => {
            let mut node = Node::Null;
            Ok(match next_tree(access, &mut node)? {
                true => Some(of_tree(node, place)),
                false => None,
            })
        }
    }
}

/// Reads the next item as a tree, if there is one, into `node`, which is `null`.
#[inline(never)]
fn next_tree<'de, A: SeqAccess<'de>>(
    access: &mut A,
    node: &mut Node<'de>,
) -> Result<bool, A::Error> {
    let next = access.next_element_seed(NodeVisitor(node))?;
    Ok(next.is_some())
}

/// The whole array, of which `rejected` is the first item that is not accepted.
#[cold]
fn whole<'de, T: Serialize, A: SeqAccess<'de>>(
    items: &[T],
    rejected: Node<'de>,
    mut access: A,
) -> Result<Rejected<'de>, A::Error> {
    let mut nodes: Vec<Node<'de>> = items.iter().map(restore).collect();
    nodes.push(rejected);
    while let Some(node) = access.next_element()? {
        nodes.push(node);
    }
    Ok(Some(Box::new(Node::Array(nodes))))
}

/// The items of an array of exactly `count` items.
pub fn array_of_length<'n>(
    count: usize,
    node: &'n Node<'n>,
    at: Path<'_>,
    report: &mut Report,
) -> Option<&'n [Node<'n>]> {
    let Node::Array(items) = node else {
        return report.wrong_type(at, node, "an array");
    };
    let exact = count as u64;
    check_count((exact, Some(exact)), items.len(), node, at, report)?;
    Some(items)
}
