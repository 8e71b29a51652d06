//! Arrays, item by item.

use std::marker::PhantomData;

use serde::Serialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};

use super::{Read, Seed, put_back, scalars_by_node};
use crate::decode::Decode;
use crate::node::{Node, NodeVisitor};

/// Reads an array of any length.
#[inline]
pub(crate) fn read_array<'de, T: Decode + Serialize, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Read<'de, Vec<T>>, D::Error> {
    deserializer.deserialize_any(ArrayVisitor(PhantomData))
}

struct ArrayVisitor<T>(PhantomData<T>);

impl<'de, T: Decode + Serialize> Visitor<'de> for ArrayVisitor<T> {
    type Value = Read<'de, Vec<T>>;

    scalars_by_node!(Vec<T>);

    #[inline]
    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
        let mut items = Vec::new();
        while let Some(read) = next(&mut access)? {
            match read {
                Read::Fit(item) => items.push(item),
                Read::Unfit(node) => return lost(&items, node, access),
            }
        }
        Ok(Read::Fit(items))
    }

    #[inline]
    fn visit_map<A: MapAccess<'de>>(self, access: A) -> Result<Self::Value, A::Error> {
        Read::of(|node| node.visit_map(access))
    }
}

/// Reads an item, if there is one more.
#[inline]
fn next<'de, T: Decode, A: SeqAccess<'de>>(
    access: &mut A,
) -> Result<Option<Read<'de, T>>, A::Error> {
    if T::HAS_PARTS {
        return access.next_element_seed(Seed::<T>::new());
    }
    // Where there are no more, what is read is `null`, and thrown away.
    let mut is_there = false;
    let read = Read::of(|node| {
        is_there = next_node(access, node)?;
        Ok(())
    })?;
    Ok(is_there.then_some(read))
}

/// Reads an item as a tree, if there is one more.
#[inline(never)]
fn next_node<'de, A: SeqAccess<'de>>(
    access: &mut A,
    node: NodeVisitor<'_, 'de>,
) -> Result<bool, A::Error> {
    Ok(access.next_element_seed(node)?.is_some())
}

/// The whole array, of which `unfit` is the first item that does not fit.
#[cold]
fn lost<'de, T: Serialize, A: SeqAccess<'de>>(
    items: &[T],
    unfit: Node<'de>,
    mut access: A,
) -> Result<Read<'de, Vec<T>>, A::Error> {
    let mut nodes: Vec<Node<'de>> = items.iter().map(put_back).collect();
    nodes.push(unfit);
    while let Some(node) = access.next_element()? {
        nodes.push(node);
    }
    Ok(Read::Unfit(Node::Array(nodes)))
}
