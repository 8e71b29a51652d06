//! Reading arrays item by item.

use std::marker::PhantomData;

use serde::Serialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};

use crate::decode::decoding::{Decode, Read, restore};
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
) -> Result<Read<'de, Vec<T>>, D::Error> {
    deserializer.deserialize_any(ArrayVisitor(PhantomData))
}

struct ArrayVisitor<T>(PhantomData<T>);

impl<T> ArrayVisitor<T> {
    fn done<'de>(self, read: Read<'de, Vec<T>>) -> Read<'de, Vec<T>> {
        read
    }
}

impl<'de, T: Decode + Serialize> Visitor<'de> for ArrayVisitor<T> {
    type Value = Read<'de, Vec<T>>;

    scalars_as_tree!(Vec<T>);

    #[inline]
    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
        let mut items = Vec::new();
        while let Some(read) = next(&mut access)? {
            match read {
                Read::Parsed(item) => items.push(item),
                Read::Rejected(node) => return rejected(&items, *node, access),
            }
        }
        Ok(Read::Parsed(items))
    }

    #[inline]
    fn visit_map<A: MapAccess<'de>>(self, access: A) -> Result<Self::Value, A::Error> {
        Read::from_tree(|node| node.visit_map(access))
    }
}

/// Reads the next item, if there is one.
#[inline]
fn next<'de, T: Decode, A: SeqAccess<'de>>(
    access: &mut A,
) -> Result<Option<Read<'de, T>>, A::Error> {
    if T::IS_COMPOSITE {
        return access.next_element_seed(Seed::<T>::new());
    }
    let mut node = Node::Null;
    match next_node(access, NodeVisitor(&mut node))? {
        true => Ok(Some(Read::of_tree(node))),
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
) -> Result<Read<'de, Vec<T>>, A::Error> {
    let mut nodes: Vec<Node<'de>> = items.iter().map(restore).collect();
    nodes.push(rejected);
    while let Some(node) = access.next_element()? {
        nodes.push(node);
    }
    Ok(Read::rejected(Node::Array(nodes)))
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
