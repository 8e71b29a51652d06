//! Decoding an object field by field.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use crate::validate::listing::listed;
use crate::validate::report::Report;
use crate::value::node::Node;
use crate::value::path::Path;

/// Up to this many members, looking at each is quicker than a map.
const FEW: usize = 64;

/// Decodes one object, field by field in the order of its schema.
#[derive(Debug)]
pub struct Fields<'n> {
    node: &'n Node<'n>,
    members: &'n [(Cow<'n, str>, Node<'n>)],
    pub(super) at: Path<'n>,
    /// Where each member is, if there are many.
    by_name: Option<HashMap<&'n str, usize>>,
    /// The names that the schema lists.
    names: &'static [&'static str],
    /// How many of them were asked for.
    asked: usize,
}

impl<'n> Fields<'n> {
    /// Starts to decode `node`, whose schema lists `names`; a violation where it is not an object.
    pub(crate) fn new(
        names: &'static [&'static str],
        node: &'n Node<'n>,
        at: Path<'n>,
        report: &mut Report,
    ) -> Option<Self> {
        match node {
            Node::Object(members) => Some(Self {
                node,
                members,
                at,
                by_name: (members.len() > FEW).then(|| {
                    let names = members.iter().enumerate();
                    names.map(|(index, (key, _))| (&**key, index)).collect()
                }),
                names,
                asked: 0,
            }),
            _ => report.wrong_type(at, node, "an object"),
        }
    }

    /// The next field and its place; a violation where it is missing.
    pub(crate) fn required(&mut self, report: &mut Report) -> Option<(&'n Node<'n>, Path<'_>)> {
        let name = self.next_name();
        let found = self.find(name);
        if found.is_none() {
            let expected = format_args!("the field {name:?}");
            report.record(self.at, "required", self.node, &expected);
        }
        found.map(|node| (node, self.at.key(name)))
    }

    /// The next field and its place; `None` where it is missing.
    pub(crate) fn optional(&mut self) -> Option<(&'n Node<'n>, Path<'_>)> {
        let name = self.next_name();
        self.find(name).map(|node| (node, self.at.key(name)))
    }

    /// Ends decoding: other fields are violations.
    pub(crate) fn nothing_else(&self, report: &mut Report) -> bool {
        let mut clean = true;
        for (key, node) in self.unnamed() {
            if report.ignores_violations() {
                return false;
            }
            let at = self.at.key(key);
            let expected = match self.names {
                [] => "no such field".to_owned(),
                names => format!("no field but {}", listed(names.iter())),
            };
            report.record(at, "additionalProperties", node, &expected);
            clean = false;
        }
        clean
    }

    /// The name that the schema lists next.
    fn next_name(&mut self) -> &'static str {
        let name = self.names.get(self.asked).copied();
        self.asked += 1;
        // There is one: an object lists as many names as it has fields.
        name.unwrap_or_default()
    }

    fn find(&self, name: &'static str) -> Option<&'n Node<'n>> {
        // Members mostly come in the schema's order: start where this one is then.
        let start = (self.asked - 1).min(self.members.len());
        if let Some(by_name) = &self.by_name {
            return by_name.get(name).map(|index| &self.members[*index].1);
        }
        let (before, after) = self.members.split_at(start);
        let members = after.iter().chain(before);
        let mut found = members.filter(|(key, _)| key == name);
        found.next().map(|(_, node)| node)
    }

    pub(super) fn unnamed(&self) -> impl Iterator<Item = &'n (Cow<'n, str>, Node<'n>)> {
        let (members, names) = (self.members, self.names);
        let all_named = members.len() <= names.len()
            && members
                .iter()
                .zip(names)
                .all(|((key, _), name)| key == name);
        let members = if all_named { &[][..] } else { members };
        let named: Option<HashSet<&str>> =
            (self.by_name.is_some() && !all_named).then(|| names.iter().copied().collect());
        members.iter().filter(move |(key, _)| match &named {
            Some(named) => !named.contains(&**key),
            None => names.iter().all(|name| key != name),
        })
    }
}
