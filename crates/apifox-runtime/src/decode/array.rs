//! Reading arrays item by item.

use serde::Serialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};

use crate::decode::decoding::{Decode, Rejected, from_tree, of_tree, put, restore};
use crate::decode::seed::Seed;
use crate::decode::tree::{NodeVisitor, scalars_as_tree};
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
    deserializer.deserialize_any(ArrayVisitor(place))
}

struct ArrayVisitor<'p, T>(&'p mut Option<Vec<T>>);

impl<'de, T: Decode + Serialize> Visitor<'de> for ArrayVisitor<'_, T> {
    type Value = Rejected<'de>;

    scalars_as_tree!(Vec<T>);

    #[inline]
    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
        let mut items = Vec::new();
        let mut item = None;
        while let Some(read) = next(&mut access, &mut item)? {
            if let Some(node) = read {
                return rejected(&items, *node, access);
            }
            if let Some(item) = item.take() {
                items.push(item);
            }
        }
        put(self.0, items);
        Ok(None)
    }

    #[inline]
    fn visit_map<A: MapAccess<'de>>(self, access: A) -> Result<Self::Value, A::Error> {
        from_tree(self.0, |node| node.visit_map(access))
    }
}

/// Reads the next item, if there is one.
#[inline]
fn next<'de, T: Decode, A: SeqAccess<'de>>(
    access: &mut A,
    place: &mut Option<T>,
) -> Result<Option<Rejected<'de>>, A::Error> {
    if T::IS_COMPOSITE {
        return access.next_element_seed(Seed(place));
    }
    let mut node = Node::Null;
    match next_node(access, NodeVisitor(&mut node))? {
        true => Ok(Some(of_tree(node, place))),
        false => Ok(None),
    }
}

/// Reads the next item as a tree, if there is one.
#[inline(never)]
fn next_node<'de, A: SeqAccess<'de>>(
    access: &mut A,
    node: NodeVisitor<'_, 'de>,
) -> Result<bool, A::Error> {
    Ok(access.next_element_seed(node)?.is_some())
}

/// The whole array, of which `rejected` is the first item that is not accepted.
#[cold]
fn rejected<'de, T: Serialize, A: SeqAccess<'de>>(
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
