//! What changed without changing what is accepted: descriptions, defaults, formats. Each
//! pair of schemas is compared once, and told of for each operation that it belongs to.

use std::collections::{BTreeSet, HashSet, VecDeque};

use serde_json::{Map, Value};

use super::annotation_memory::{Found, Pair};
use super::api_comparison::ApiComparison;
use super::change::{Change, Relation, Role};
use super::schema::{NodeId, Side};
use apifox_document::diagnostics::shortened;
use apifox_document::pointer::JsonPointerExt as _;
use apifox_document::schema::keywords::applies;

/// The annotations that matter to a caller.
const ANNOTATIONS: [&str; 8] = [
    "default",
    "deprecated",
    "description",
    "format",
    "readOnly",
    "title",
    "writeOnly",
    "x-warning",
];

/// How many schemas that apply to one value are looked at.
const MOST_PARTS: usize = 64;

impl ApiComparison<'_> {
    /// The changes of annotations in two schemas and all that they contain, each once.
    pub(super) fn annotation_changes(&mut self, old: NodeId, new: NodeId) -> Vec<Change> {
        self.find_annotations((old, new));
        let mut changes = Vec::new();
        let mut seen = HashSet::new();
        // The shortest path to each is told.
        let mut pending = VecDeque::from([((old, new), String::new())]);
        while let Some((pair, path)) = pending.pop_front() {
            let Some(found) = self.annotations.pairs.get(&pair) else {
                continue;
            };
            if !found.is_changed || !seen.insert(pair) {
                continue;
            }
            changes.extend(found.changes.iter().map(|change| Change {
                path: path.clone(),
                ..change.clone()
            }));
            let within = found.within.iter();
            pending.extend(within.map(|(step, pair)| (*pair, format!("{path}{step}"))));
        }
        changes
    }

    /// Finds what changed in a pair and in all that it leads to, unless that is known.
    fn find_annotations(&mut self, start: Pair) {
        let mut added = Vec::new();
        let mut pending = vec![start];
        while let Some(pair) = pending.pop() {
            if self.annotations.pairs.contains_key(&pair) {
                continue;
            }
            let found = self.annotations_of_pair(pair);
            pending.extend(found.within.iter().map(|(_, pair)| *pair));
            self.annotations.pairs.insert(pair, found);
            added.push(pair);
        }
        self.annotations.mark_changed(&added);
    }

    fn annotations_of_pair(&mut self, (old, new): Pair) -> Found {
        let (changes, within) = match self.are_built_alike(old, new) {
            true => (
                self.own_annotations(&[old], &[new]),
                self.structural_pairs(old, new),
            ),
            false => {
                let (old, new) = (self.parts(old), self.parts(new));
                (
                    self.own_annotations(&old, &new),
                    self.pairs_within(&old, &new, &["anyOf", "oneOf"]),
                )
            }
        };
        Found {
            is_changed: !changes.is_empty(),
            changes,
            within,
        }
    }

    /// Whether each part of a schema has its counterpart in the other: neither refers to what
    /// the other one says itself, and no property moved into a part.
    fn are_built_alike(&mut self, old: NodeId, new: NodeId) -> bool {
        let schemas = &mut self.schemas;
        let lengths = [old, new].map(|id| schemas.length(id, "allOf"));
        let refers = [old, new].map(|id| schemas.reference_target(id).is_some());
        if lengths[0] != lengths[1] || refers[0] != refers[1] {
            return false;
        }
        if lengths[0] == 0 && !refers[0] {
            return true;
        }
        let (own, others) = (self.property_names(&[old]), self.property_names(&[new]));
        let (before, after) = (self.parts(old), self.parts(new));
        let (all, all_others) = (self.property_names(&before), self.property_names(&after));
        let has_moved =
            |own: &BTreeSet<String>, others: &BTreeSet<String>, all: &BTreeSet<String>| {
                own.difference(others).any(|name| all.contains(name))
            };
        !has_moved(&own, &others, &all_others) && !has_moved(&others, &own, &all)
    }

    /// The schemas that apply to a value that a schema applies to: itself, what it refers to,
    /// and what is in its `allOf`.
    fn parts(&mut self, id: NodeId) -> Vec<NodeId> {
        let mut parts = vec![id];
        let mut next = 0;
        while let Some(id) = parts.get(next).copied() {
            next += 1;
            let target = self.schemas.reference_target(id).into_iter();
            let length = self.schemas.length(id, "allOf");
            let listed =
                (0..length).filter_map(|at| self.schemas.subschema(id, &"allOf".child(at)));
            for part in target.chain(listed).collect::<Vec<_>>() {
                if parts.len() < MOST_PARTS && !parts.contains(&part) {
                    parts.push(part);
                }
            }
        }
        parts
    }

    /// The properties that any of the schemas names.
    fn property_names(&self, ids: &[NodeId]) -> BTreeSet<String> {
        self.named(ids).cloned().collect()
    }

    /// Each property that a schema names, in the document's order.
    fn named(&self, ids: &[NodeId]) -> impl Iterator<Item = &String> {
        let properties = ids.iter().filter_map(|id| {
            let properties = self.schemas.keyword_value(*id, "properties");
            properties.and_then(Value::as_object)
        });
        properties.flat_map(Map::keys)
    }

    /// The properties that schemas name before and now, in the order of those before.
    fn shared_names(&self, old: &[NodeId], new: &[NodeId]) -> Vec<String> {
        let others = self.property_names(new);
        let mut seen = HashSet::new();
        self.named(old)
            .filter(|name| others.contains(*name) && seen.insert(*name))
            .cloned()
            .collect()
    }

    /// The pairs within schemas that are built alike, with those of their parts.
    fn structural_pairs(&mut self, old: NodeId, new: NodeId) -> Vec<(String, Pair)> {
        let mut pairs = self.pairs_within(&[old], &[new], &["allOf", "anyOf", "oneOf"]);
        let targets = self
            .schemas
            .reference_target(old)
            .zip(self.schemas.reference_target(new));
        pairs.extend(targets.map(|pair| (String::new(), pair)));
        pairs
    }

    /// The pairs within all the schemas that apply to one value before and now, and within
    /// their lists of these keywords.
    fn pairs_within(
        &mut self,
        old: &[NodeId],
        new: &[NodeId],
        lists: &[&str],
    ) -> Vec<(String, Pair)> {
        let mut steps: Vec<(String, String)> = Vec::new();
        for name in self.shared_names(old, new) {
            steps.push(("properties".child(&name), "".child(&name)));
        }
        for keyword in ["items", "additionalProperties"] {
            steps.push((keyword.to_owned(), "/*".to_owned()));
        }
        for keyword in lists {
            let longest = |ids: &[NodeId]| {
                let lengths = ids.iter().map(|id| self.schemas.length(*id, keyword));
                lengths.max().unwrap_or_default()
            };
            if longest(old) == longest(new) {
                let paths = (0..longest(old)).map(|at| (keyword.child(at), String::new()));
                steps.extend(paths);
            }
        }
        let mut pairs = Vec::new();
        for (step, path) in steps {
            let mut first = |ids: &[NodeId]| {
                let mut ids = ids.iter();
                ids.find_map(|id| self.schemas.subschema(*id, &step))
            };
            let both = first(old).zip(first(new));
            pairs.extend(both.map(|pair| (path, pair)));
        }
        pairs
    }

    /// The changes of the annotations of a value: those of the first schema that has them.
    fn own_annotations(&self, old: &[NodeId], new: &[NodeId]) -> Vec<Change> {
        let schemas = &self.schemas;
        let first = |ids: &[NodeId], name: &str| {
            let mut values = ids.iter().map(|id| (*id, schemas.keyword_value(*id, name)));
            let found = values.find(|(_, value)| value.is_some());
            found.or(ids.first().map(|id| (*id, None)))
        };
        let mut changes = Vec::new();
        for name in ANNOTATIONS {
            let Some(((old, before), (new, after))) = first(old, name).zip(first(new, name)) else {
                continue;
            };
            if before == after || applies(name).is_some() {
                continue;
            }
            changes.push(Change {
                keyword: Some(name.to_owned()),
                old: schemas.pointer(old, Side::Old),
                new: schemas.pointer(new, Side::New),
                ..Change::new(Role::Both, Relation::Equal, message(name, before, after))
            });
        }
        changes
    }
}

fn message(name: &str, old: Option<&Value>, new: Option<&Value>) -> String {
    let is_prose = matches!(name, "description" | "title" | "x-warning");
    match (old, new) {
        (None, Some(_)) if is_prose => format!("has a {name} now"),
        (Some(_), None) if is_prose => format!("no longer has a {name}"),
        (Some(_), Some(_)) if is_prose => format!("{name} changed"),
        (old, new) => {
            let text = |value: Option<&Value>| value.map_or_else(|| "none".to_owned(), shortened);
            format!("{name} {} → {}", text(old), text(new))
        }
    }
}
