//! Reading an object field by field, and its fields that the schema doesn't name.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::btree_map;
use std::marker::PhantomData;

use serde::ser::{Serialize, SerializeMap};
use serde_json::Value;

use crate::decode::Decode;
use crate::node::Node;
use crate::path::Path;
use crate::report::Report;

/// A reader of one object, which keeps count of the fields that were asked for.
#[derive(Debug)]
pub struct Fields<'n> {
    node: &'n Node<'n>,
    members: &'n [(Cow<'n, str>, Node<'n>)],
    at: Path<'n>,
    /// The names asked for so far: all that `properties` lists, in the end.
    named: Names,
}

/// A list of names that needs no memory of its own while it is short.
#[derive(Debug)]
struct Names {
    first: [&'static str; Self::FEW],
    /// How many of the first are there.
    count: usize,
    others: Vec<&'static str>,
}

impl Names {
    /// Most objects name no more.
    const FEW: usize = 12;

    const fn new() -> Self {
        Self {
            first: [""; Self::FEW],
            count: 0,
            others: Vec::new(),
        }
    }

    fn push(&mut self, name: &'static str) {
        match self.first.get_mut(self.count) {
            Some(place) => {
                *place = name;
                self.count += 1;
            }
            None => self.others.push(name),
        }
    }

    fn len(&self) -> usize {
        self.count + self.others.len()
    }

    fn iter(&self) -> impl Iterator<Item = &'static str> {
        let first = &self.first[..self.count];
        first.iter().chain(&self.others).copied()
    }
}

impl<'n> Fields<'n> {
    /// Starts to read `node`; a violation when it is no object.
    pub fn of(node: &'n Node<'n>, at: Path<'n>, report: &mut Report) -> Option<Self> {
        match node {
            Node::Object(members) => Some(Self {
                node,
                members,
                at,
                named: Names::new(),
            }),
            _ => report.wrong_type(at, node, "an object"),
        }
    }

    /// A field that has to be there.
    pub fn required<T: Decode>(&mut self, name: &'static str, report: &mut Report) -> Option<T> {
        match self.given(name, report) {
            Some(node) => T::decode(node, self.at.key(name), report),
            None => None,
        }
    }

    /// A field that may be missing: `Some(None)` then, and `None` when it is wrong.
    #[expect(clippy::manual_map, reason = "it is compiled for every type")]
    pub fn optional<T: Decode>(
        &mut self,
        name: &'static str,
        report: &mut Report,
    ) -> Option<Option<T>> {
        match self.find(name) {
            Some(node) => match T::decode(node, self.at.key(name), report) {
                Some(value) => Some(Some(value)),
                None => None,
            },
            None => Some(None),
        }
    }

    /// A field that may be missing, and whose empty string says so as well.
    pub fn or_empty<T: Decode>(
        &mut self,
        name: &'static str,
        report: &mut Report,
    ) -> Option<OrEmpty<T>> {
        match self.find(name) {
            Some(node) => OrEmpty::decode(node, self.at.key(name), report),
            None => Some(OrEmpty::Missing),
        }
    }

    /// Ends the reading: no other field may be there.
    pub fn nothing_else(&self, report: &mut Report) -> Option<()> {
        let mut clean = Some(());
        for (key, node) in self.unnamed() {
            if report.is_silent() {
                return None;
            }
            let at = self.at.key(key);
            let names: Vec<_> = self.named.iter().collect();
            let expected = format_args!("no field but {}", names.join(", "));
            clean = report.violation(at, "additionalProperties", node, expected);
        }
        clean
    }

    /// Ends the reading: every other field is kept.
    pub fn rest<S, V: Decode>(&self, report: &mut Report) -> Option<Additional<S, V>> {
        match self.others(report) {
            Some(entries) => Some(Additional {
                entries,
                of: PhantomData,
            }),
            None => None,
        }
    }

    /// Every other field, by name: compiled once a kind of value, and not once an object.
    fn others<V: Decode>(&self, report: &mut Report) -> Option<Entries<V>> {
        let mut clean = true;
        let mut entries = BTreeMap::new();
        for (key, node) in self.unnamed() {
            match V::decode(node, self.at.key(key), report) {
                Some(value) => {
                    entries.insert(key.clone().into_owned(), value);
                }
                None => clean = false,
            }
        }
        clean.then(|| (!entries.is_empty()).then(|| Box::new(entries)))
    }

    /// A field that has to be there, before it is decoded.
    fn given(&mut self, name: &'static str, report: &mut Report) -> Option<&'n Node<'n>> {
        let found = self.find(name);
        if found.is_none() {
            let expected = format_args!("the field {name:?}");
            report.note(self.at, "required", self.node, &expected);
        }
        found
    }

    fn find(&mut self, name: &'static str) -> Option<&'n Node<'n>> {
        // Fields mostly come in the schema's order, so start where the last was.
        let start = self.named.len().min(self.members.len());
        self.named.push(name);
        let (before, after) = self.members.split_at(start);
        let members = after.iter().chain(before);
        let mut found = members.filter(|(key, _)| key == name);
        found.next().map(|(_, node)| node)
    }

    fn unnamed(&self) -> impl Iterator<Item = &'n (Cow<'n, str>, Node<'n>)> {
        let all_named = self.members.len() <= self.named.len()
            && self
                .members
                .iter()
                .zip(self.named.iter())
                .all(|((key, _), name)| key == name);
        let members = if all_named { &[][..] } else { self.members };
        members
            .iter()
            .filter(|(key, _)| self.named.iter().all(|name| key != name))
    }
}

/// The fields that a schema names for an object, as JSON has them.
pub trait Named {
    /// What `properties` lists.
    const NAMES: &'static [&'static str];
}

/// The fields of an object `S` beyond those that its schema names.
///
/// It can't hold a field that `S` names itself.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Additional<S, V = Value> {
    entries: Entries<V>,
    of: PhantomData<fn() -> S>,
}

/// Fields by their names; `None` where there are none, as mostly.
///
/// A map without a box takes thrice the space, and a call to be dropped.
type Entries<V> = Option<Box<BTreeMap<String, V>>>;

impl<S, V> Default for Additional<S, V> {
    fn default() -> Self {
        Self {
            entries: None,
            of: PhantomData,
        }
    }
}

impl<S, V> Additional<S, V> {
    /// Sets the field `key`, which is known not to be named.
    pub(crate) fn put(&mut self, key: String, value: V) -> Option<V> {
        self.entries.get_or_insert_default().insert(key, value)
    }
}

impl<S: Named, V> Additional<S, V> {
    /// Sets the field `key` and returns what stood there before.
    ///
    /// # Errors
    ///
    /// When the schema names the field: the value is handed back, to be set
    /// where it belongs.
    pub fn insert(&mut self, key: impl Into<String>, value: V) -> Result<Option<V>, V> {
        let key = key.into();
        if S::NAMES.contains(&key.as_str()) {
            return Err(value);
        }
        Ok(self.put(key, value))
    }
}

impl<S, V> Additional<S, V> {
    /// The field `key`.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&V> {
        self.entries.as_ref()?.get(key)
    }

    /// Takes the field `key` out.
    pub fn remove(&mut self, key: &str) -> Option<V> {
        let entries = self.entries.as_mut()?;
        let removed = entries.remove(key);
        if entries.is_empty() {
            self.entries = None;
        }
        removed
    }

    /// The fields by name.
    pub fn iter(&self) -> btree_map::Iter<'_, String, V> {
        let entries = self.entries.as_ref();
        entries.map_or_else(btree_map::Iter::default, |it| it.iter())
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.as_ref().map_or(0, |it| it.len())
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_none()
    }
}

impl<'a, S, V> IntoIterator for &'a Additional<S, V> {
    type Item = (&'a String, &'a V);
    type IntoIter = btree_map::Iter<'a, String, V>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<S, V: Serialize> Additional<S, V> {
    /// Writes the fields into the object that `map` writes.
    ///
    /// # Errors
    ///
    /// The serializer's.
    #[inline]
    pub fn serialize_into<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        let Some(entries) = &self.entries else {
            return Ok(());
        };
        let mut entries = entries.iter();
        entries.try_for_each(|(key, value)| map.serialize_entry(key, value))
    }
}

/// An optional field of a reply whose empty string means that there is none.
///
/// Both ways of saying so are told apart, so that a reply encodes to what it
/// was decoded from; [`value`](Self::value) treats them alike.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum OrEmpty<T> {
    /// The field is not there.
    #[default]
    Missing,
    /// The field is the empty string.
    Empty,
    /// The field has a value.
    Value(T),
}

impl<T> OrEmpty<T> {
    /// The value, if there is one.
    pub const fn value(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Missing | Self::Empty => None,
        }
    }

    /// Whether the field is not there at all.
    #[must_use]
    pub const fn is_missing(&self) -> bool {
        matches!(self, Self::Missing)
    }
}

/// Of a field that is there.
impl<T: Decode> Decode for OrEmpty<T> {
    fn decode(node: &Node<'_>, at: Path<'_>, report: &mut Report) -> Option<Self> {
        match node {
            Node::String(text) if text.is_empty() => Some(Self::Empty),
            _ => T::decode(node, at, report).map(Self::Value),
        }
    }
}

impl<T: Serialize> Serialize for OrEmpty<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Value(value) => value.serialize(serializer),
            // A missing field is left out by the object that it belongs to.
            Self::Missing | Self::Empty => serializer.serialize_str(""),
        }
    }
}
