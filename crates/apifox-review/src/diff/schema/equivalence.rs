//! Whether two schemas are the same, keyword for keyword; references are followed, and
//! annotations are ignored.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{Hash as _, Hasher as _};

use serde_json::Value;

use super::node::{NodeId, Nodes};
use super::numbers::{NumberHasher, NumberMap};
use apifox_document::schema::subschemas_of_keyword;

/// What is known of pairs of schemas.
#[derive(Debug, Default)]
pub(super) struct Equivalence {
    known: NumberMap<Pair, bool>,
    /// The pairs that are assumed to be equivalent, each with the number of the outermost open
    /// pair that it relies on; an open pair has its own number.
    assumed: NumberMap<Pair, usize>,
    /// The assumed pairs, in the order in which they were opened.
    trail: Vec<Pair>,
    /// How many pairs are open.
    open: usize,
    marks: NumberMap<NodeId, u64>,
}

type Pair = (NodeId, NodeId);

/// How many pairs are open at most, so that no thread's stack overflows. What has pairs that lie
/// deeper counts as different: it is compared keyword by keyword then.
const DEEPEST: usize = 1000;

/// Relies on no open pair.
const NOTHING: usize = usize::MAX;

impl Equivalence {
    pub fn are_equivalent(&mut self, nodes: &mut Nodes<'_>, a: NodeId, b: NodeId) -> bool {
        self.judge(nodes, (a, b)).is_some()
    }

    /// The number of the outermost open pair that the equivalence of a pair relies on; `None`
    /// where it is not equivalent. Each pair is walked through once: what relies on no open
    /// pair is known from then on, and so is what differs.
    fn judge(&mut self, nodes: &mut Nodes<'_>, pair: Pair) -> Option<usize> {
        // A chain of references is another one, however long; what stands in its place is
        // written differently.
        let resolved = (nodes.resolve(pair.0), nodes.resolve(pair.1));
        let pair = match (resolved.0 == pair.0) == (resolved.1 == pair.1) {
            true => resolved,
            false => pair,
        };
        if pair.0 == pair.1 {
            return Some(NOTHING);
        }
        if let Some(known) = self.known.get(&pair) {
            return known.then_some(NOTHING);
        }
        if nodes.value(pair.0).is_none() || nodes.value(pair.1).is_none() {
            return None;
        }
        if let Some(relies_on) = self.assumed.get(&pair) {
            return Some(*relies_on);
        }
        if self.mark(nodes, pair.0) != self.mark(nodes, pair.1) {
            self.known.insert(pair, false);
            return None;
        }
        if self.open == DEEPEST {
            return None;
        }
        let (own, mark) = (self.open, self.trail.len());
        self.trail.push(pair);
        self.assumed.insert(pair, own);
        self.open += 1;
        let relies_on = self.compare(nodes, pair);
        self.open -= 1;
        match relies_on {
            Some(relies_on) if relies_on < own => {
                for pair in &self.trail[mark..] {
                    let outermost = self.assumed.entry(*pair).or_insert(relies_on);
                    if *outermost >= own {
                        *outermost = relies_on;
                    }
                }
                return Some(relies_on);
            }
            Some(_) => {
                for pair in self.trail.drain(mark..) {
                    self.assumed.remove(&pair);
                    self.known.insert(pair, true);
                }
                return Some(NOTHING);
            }
            None => {}
        }
        for pair in self.trail.drain(mark..) {
            self.assumed.remove(&pair);
        }
        self.known.insert(pair, false);
        None
    }

    /// A number that equivalent schemas share, made of their keywords alone: most pairs differ
    /// in these, and need not be walked through.
    fn mark(&mut self, nodes: &mut Nodes<'_>, id: NodeId) -> u64 {
        if let Some(known) = self.marks.get(&id) {
            return *known;
        }
        let keywords = nodes.assertions(id);
        let keywords = keywords.iter().map(|(name, value)| mark(name, value));
        let mark = keywords.fold(0, u64::wrapping_add);
        self.marks.insert(id, mark);
        mark
    }

    fn compare(&mut self, nodes: &mut Nodes<'_>, (a, b): Pair) -> Option<usize> {
        let (Some(_), Some(others)) = (nodes.keywords(a), nodes.keywords(b)) else {
            return (nodes.value(a) == nodes.value(b)).then_some(NOTHING);
        };
        let (old, new) = (nodes.assertions(a), nodes.assertions(b));
        if nodes.draft(a) != nodes.draft(b) || old.len() != new.len() {
            return None;
        }
        old.iter().try_fold(NOTHING, |outermost, (name, value)| {
            let values = (*value, others.get(*name)?);
            Some(outermost.min(self.keyword(nodes, (a, b), name, values)?))
        })
    }

    fn keyword(
        &mut self,
        nodes: &mut Nodes<'_>,
        (a, b): Pair,
        name: &str,
        (old, new): (&Value, &Value),
    ) -> Option<usize> {
        let known = |is_same: bool| is_same.then_some(NOTHING);
        if name == "$ref" {
            let target = nodes.reference_target(a)?;
            let other = nodes.reference_target(b)?;
            return self.judge(nodes, (target, other));
        }
        if name == "$dynamicRef" {
            return known(old == new && nodes.have_same_root(a, b));
        }
        let shared = pointers(name, old);
        if shared.is_empty() {
            return known(old == new);
        }
        let is_same = shared == pointers(name, new)
            && (name != "dependencies" || name_lists(old) == name_lists(new));
        known(is_same)?;
        let mut shared = shared.iter();
        shared.try_fold(NOTHING, |outermost, pointer| {
            let step = &pointer[1..];
            let pair = (nodes.subschema(a, step)?, nodes.subschema(b, step)?);
            Some(outermost.min(self.judge(nodes, pair)?))
        })
    }
}

/// A number that a keyword shares with those that are equivalent to it.
fn mark(name: &str, value: &Value) -> u64 {
    let mut hasher = NumberHasher::default();
    name.hash(&mut hasher);
    if !matches!(name, "$ref" | "$dynamicRef") {
        let within = pointers(name, value);
        match within.is_empty() {
            true => value.hash(&mut hasher),
            false => within.hash(&mut hasher),
        }
    }
    hasher.finish()
}

/// Where the schemas in the value of a keyword are.
fn pointers(name: &str, value: &Value) -> BTreeSet<String> {
    let subschemas = subschemas_of_keyword(name, value);
    subschemas.map(|subschema| subschema.pointer).collect()
}

/// The members of `dependencies` that are lists of names.
fn name_lists(dependencies: &Value) -> BTreeMap<&String, &Value> {
    let members = dependencies.as_object().into_iter().flatten();
    members.filter(|(_, value)| value.is_array()).collect()
}
