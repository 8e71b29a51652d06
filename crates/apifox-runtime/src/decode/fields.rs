//! Decoding an object field by field.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};

use crate::decode::decoding::Decode;
use crate::validate::listing::MOST_NAMED;
use crate::validate::report::Report;
use crate::value::additional::Additional;
use crate::value::node::Node;
use crate::value::or_empty::OrEmpty;
use crate::value::path::Path;

/// Up to this many members, looking at each is quicker than a map.
const FEW: usize = 64;

/// Decodes one object, and remembers which fields were asked for.
#[derive(Debug)]
pub struct Fields<'n> {
    node: &'n Node<'n>,
    members: &'n [(Cow<'n, str>, Node<'n>)],
    at: Path<'n>,
    /// Where each member is, if there are many.
    by_name: Option<HashMap<&'n str, usize>>,
    /// The names asked for so far; at the end all that `properties` lists.
    named: Names,
}

/// A list of names that allocates only when it gets long.
#[derive(Debug)]
struct Names {
    first: [&'static str; Self::FEW],
    /// How many of `first` are used.
    count: usize,
    others: Vec<&'static str>,
}

impl Names {
    /// Most schemas name no more fields.
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
    /// Starts to decode `node`; a violation where it is not an object.
    pub fn new(node: &'n Node<'n>, at: Path<'n>, report: &mut Report) -> Option<Self> {
        match node {
            Node::Object(members) => Some(Self {
                node,
                members,
                at,
                by_name: (members.len() > FEW).then(|| {
                    let names = members.iter().enumerate();
                    names.map(|(index, (key, _))| (&**key, index)).collect()
                }),
                named: Names::new(),
            }),
            _ => report.wrong_type(at, node, "an object"),
        }
    }

    /// A required field.
    pub fn required<T: Decode>(&mut self, name: &'static str, report: &mut Report) -> Option<T> {
        match self.given(name, report) {
            Some(node) => T::decode(node, self.at.key(name), report),
            None => None,
        }
    }

    /// An optional field: `Some(None)` where it is missing, `None` where it is wrong.
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

    /// An optional field whose empty string means that it is missing.
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

    /// Ends decoding: other fields are violations.
    pub fn nothing_else(&self, report: &mut Report) -> Option<()> {
        let mut clean = Some(());
        for (key, node) in self.unnamed() {
            if report.ignores_violations() {
                return None;
            }
            let at = self.at.key(key);
            let names: Vec<_> = self.named.iter().take(MOST_NAMED).collect();
            let names = names.join(", ");
            let expected = match self.named.len().saturating_sub(MOST_NAMED) {
                0 => format!("no field but {names}"),
                more => format!("no field but {names} and {more} more"),
            };
            clean = report.violation(at, "additionalProperties", node, expected);
        }
        clean
    }

    /// Ends decoding: other fields are kept.
    #[expect(clippy::manual_map, reason = "it is compiled for every type")]
    pub fn rest<S, V: Decode>(&self, report: &mut Report) -> Option<Additional<S, V>> {
        match self.others(report) {
            Some(entries) => Some(Additional::unnamed(entries)),
            None => None,
        }
    }

    /// Every other field, by name. Compiled once a type of values, not once an object.
    fn others<V: Decode>(&self, report: &mut Report) -> Option<BTreeMap<String, V>> {
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
        clean.then_some(entries)
    }

    /// A required field, before it is decoded.
    fn given(&mut self, name: &'static str, report: &mut Report) -> Option<&'n Node<'n>> {
        let found = self.find(name);
        if found.is_none() {
            let expected = format_args!("the field {name:?}");
            report.record(self.at, "required", self.node, &expected);
        }
        found
    }

    fn find(&mut self, name: &'static str) -> Option<&'n Node<'n>> {
        // Members mostly come in the schema's order: start behind the last one found.
        let start = self.named.len().min(self.members.len());
        self.named.push(name);
        if let Some(by_name) = &self.by_name {
            return by_name.get(name).map(|index| &self.members[*index].1);
        }
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
        let named: Option<HashSet<&str>> =
            (self.by_name.is_some() && !all_named).then(|| self.named.iter().collect());
        members.iter().filter(move |(key, _)| match &named {
            Some(named) => !named.contains(&**key),
            None => self.named.iter().all(|name| key != name),
        })
    }
}
