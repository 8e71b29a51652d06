//! Reading a [`Node`] from a deserializer.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::Number;

use crate::decode::object::entries::Entries;
use crate::value::node::Node;

/// The key under which serde_json passes on a number when its feature
/// `arbitrary_precision` is enabled anywhere in a build.
const ARBITRARY_PRECISION: &str = "$serde_json::private::Number";

impl<'de: 'a, 'a> Deserialize<'de> for Node<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut node = Node::Null;
        NodeVisitor(&mut node).deserialize(deserializer)?;
        Ok(node)
    }
}

impl<'de> Node<'de> {
    /// Drops a tree, and is quick where there is nothing to drop.
    #[inline]
    pub(crate) fn discard(self) {
        let has_nothing = match &self {
            Self::Null | Self::Bool(_) | Self::String(Cow::Borrowed(_)) => true,
            // A string, with serde_json's `arbitrary_precision`.
            Self::Number(_) => !std::mem::needs_drop::<Number>(),
            _ => false,
        };
        match has_nothing {
            true => std::mem::forget(self),
            false => drop(self),
        }
    }
}

/// Reads a value into a place that is `null` so far. Trees are large: returning them
/// through all the functions of a deserializer would take longer.
pub(crate) struct NodeVisitor<'p, 'de>(pub &'p mut Node<'de>);

impl<'de> NodeVisitor<'_, 'de> {
    fn put<E>(self, node: Node<'de>) -> Result<(), E> {
        // `null` has nothing to drop.
        std::mem::forget(std::mem::replace(self.0, node));
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for NodeVisitor<'_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for NodeVisitor<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(ANY)
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_none<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_some<D: Deserializer<'de>>(self, inner: D) -> Result<(), D::Error> {
        self.deserialize(inner)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<(), D::Error> {
        self.deserialize(inner)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        self.put(Node::Bool(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        self.put(Node::Number(value.into()))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        self.put(Node::Number(value.into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        match Number::from_f64(value) {
            Some(number) => self.put(Node::Number(number)),
            None => Err(E::custom(format_args!("{value} is not a JSON number"))),
        }
    }

    fn visit_borrowed_str<E: Error>(self, value: &'de str) -> Result<(), E> {
        self.put(Node::String(Cow::Borrowed(value)))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<(), E> {
        self.visit_string(value.to_owned())
    }

    fn visit_string<E: Error>(self, value: String) -> Result<(), E> {
        self.put(Node::String(Cow::Owned(value)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<(), A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element()? {
            items.push(item);
        }
        self.put(Node::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, access: A) -> Result<(), A::Error> {
        let mut entries = Entries::new(access);
        entries.advance()?;
        self.put(read_members(&mut entries)?)
    }
}

/// Reads the value of the next member into `node`, which is `null`.
#[inline(never)]
pub(crate) fn read_value<'de, A: MapAccess<'de>>(
    entries: &mut Entries<'de, A>,
    node: &mut Node<'de>,
) -> Result<(), A::Error> {
    entries.value(NodeVisitor(node))
}

/// Reads all members.
pub(crate) fn read_members<'de, A: MapAccess<'de>>(
    entries: &mut Entries<'de, A>,
) -> Result<Node<'de>, A::Error> {
    /// Most objects have no more members, so that the vector need not grow.
    const FEW: usize = 8;
    let mut members = match entries.key() {
        Some(_) => Vec::with_capacity(FEW),
        None => Vec::new(),
    };
    while let Some(key) = entries.take_key() {
        let mut value = Node::Null;
        read_value(entries, &mut value)?;
        members.push((key, value));
        entries.advance()?;
    }
    Ok(object(members))
}

/// What visitors expect, for serde's messages.
pub(crate) const ANY: &str = "a JSON value";

/// The object of `members`, whose keys may be repeated; or the number that it stands for.
pub(crate) fn object<'a>(mut members: Vec<(Cow<'a, str>, Node<'a>)>) -> Node<'a> {
    if let [(key, Node::String(digits))] = &members[..]
        && may_be_precise(key)
        && let Ok(number) = digits.parse()
    {
        return Node::Number(number);
    }
    keep_last_of_repeated(&mut members);
    Node::Object(members)
}

/// Whether an object whose member is `key` may stand for a number.
pub(crate) fn may_be_precise(key: &str) -> bool {
    // Without the feature this number is infinite, which JSON has no number for.
    key == ARBITRARY_PRECISION && "1e999".parse::<Number>().is_ok()
}

fn keep_last_of_repeated(members: &mut Vec<(Cow<'_, str>, Node<'_>)>) {
    /// Up to this many members, comparing all pairs is quicker than a map.
    const FEW: usize = 16;
    if members.len() <= FEW {
        let mut at = 0;
        while at < members.len() {
            let (key, later) = (&members[at].0, &members[at + 1..]);
            if later.iter().any(|(other, _)| other == key) {
                members.remove(at);
            } else {
                at += 1;
            }
        }
        return;
    }
    let mut last = std::collections::HashMap::with_capacity(members.len());
    for (at, (key, _)) in members.iter().enumerate() {
        last.insert(key.clone(), at);
    }
    if last.len() < members.len() {
        let mut at = 0;
        members.retain(|(key, _)| {
            at += 1;
            last.get(key) == Some(&(at - 1))
        });
    }
}

/// A visitor's methods for values of other kinds than its own: they are left as trees, in the
/// `Left` that is the visitor's second field. So they are a line each, and a tree is decoded in one
/// place, after the visit.
macro_rules! as_tree {
    (scalars) => {
        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str($crate::decode::tree::ANY)
        }

        $crate::decode::tree::as_tree! { E: serde::de::Error =>
            visit_unit() -> E;
            visit_none() -> E;
            visit_bool(value: bool) -> E;
            visit_u64(value: u64) -> E;
            visit_i64(value: i64) -> E;
            visit_f64(value: f64) -> E;
            visit_str(value: &str) -> E;
            visit_borrowed_str(value: &'de str) -> E;
            visit_string(value: String) -> E;
        }
    };
    (wrapped) => {
        $crate::decode::tree::as_tree! { D: serde::de::Deserializer<'de> =>
            visit_some(value: D) -> D::Error;
            visit_newtype_struct(value: D) -> D::Error;
        }
    };
    (array) => {
        $crate::decode::tree::as_tree! { A: serde::de::SeqAccess<'de> =>
            visit_seq(value: A) -> A::Error;
        }
    };
    (object) => {
        $crate::decode::tree::as_tree! { A: serde::de::MapAccess<'de> =>
            visit_map(value: A) -> A::Error;
        }
    };
    ($of:ident: $trait:path => $($visit:ident($($value:ident: $ty:ty)?) -> $error:ty;)*) => {$(
        fn $visit<$of: $trait>(self, $($value: $ty)?) -> Result<(), $error> {
            $crate::decode::tree::NodeVisitor(&mut self.1.tree).$visit($($value)?)
        }
    )*};
}

pub(crate) use as_tree;
