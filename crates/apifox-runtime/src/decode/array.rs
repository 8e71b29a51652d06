//! Reading arrays item by item.

use serde::Serialize;
use serde::de::{Deserializer, SeqAccess, Visitor};

use crate::decode::decoding::{Decode, Read, restore};
use crate::decode::place::{Place, as_tree};
use crate::decode::seed::Seed;
use crate::validate::items::check_count;
use crate::validate::report::Report;
use crate::value::node::Node;
use crate::value::path::Path;

/// Reads an array of any length.
#[inline]
pub(crate) fn read_array<'de, T: Decode + Serialize, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Read<'de, Vec<T>>, D::Error> {
    let mut place = Place::EMPTY;
    deserializer.deserialize_any(ArrayVisitor(&mut place))?;
    Ok(Read::of_place(place))
}

struct ArrayVisitor<'p, 'de, T>(&'p mut Place<'de, Read<'de, Vec<T>>>);

impl<'de, T: Decode + Serialize> Visitor<'de> for ArrayVisitor<'_, 'de, T> {
    type Value = ();

    as_tree!(scalars);
    as_tree!(inner);
    as_tree!(object);

    #[inline]
    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<(), A::Error> {
        let mut items = Vec::new();
        let read = loop {
            match next(&mut access)? {
                Some(Read::Parsed(item)) => items.push(item),
                Some(Read::Rejected(node)) => break rejected(&items, *node, access)?,
                None => break Read::Parsed(items),
            }
        };
        self.0.read = Some(read);
        Ok(())
    }
}

/// Reads the next item, if there is one.
#[inline]
fn next<'de, T: Decode, A: SeqAccess<'de>>(
    access: &mut A,
) -> Result<Option<Read<'de, T>>, A::Error> {
    match T::IS_COMPOSITE {
        true => access.next_element_seed(Seed::<T>::new()),
        false => Ok(next_tree(access)?.map(Read::of_tree)),
    }
}

/// Reads the next item as a tree, if there is one.
#[inline(never)]
fn next_tree<'de, A: SeqAccess<'de>>(access: &mut A) -> Result<Option<Node<'de>>, A::Error> {
    access.next_element()
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
