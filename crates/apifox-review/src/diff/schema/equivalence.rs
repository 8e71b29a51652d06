//! Whether two schemas are the same, keyword for keyword; references are followed, and
//! annotations are ignored.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use serde_json::{Map, Value};

use super::node::{NodeId, Nodes};
use apifox_document::schema::keywords::applies;
use apifox_document::schema::subschemas_of_keyword;

/// What is known of pairs of schemas.
#[derive(Debug, Default)]
pub(super) struct Equivalence {
    known: HashMap<(NodeId, NodeId), bool>,
    /// The pairs that are assumed to be equivalent until they turn out not to be.
    assumed: HashSet<(NodeId, NodeId)>,
}

impl Equivalence {
    pub fn are_equivalent(&mut self, nodes: &mut Nodes<'_>, a: NodeId, b: NodeId) -> bool {
        if a == b {
            return true;
        }
        if let Some(known) = self.known.get(&(a, b)) {
            return *known;
        }
        if nodes.value(a).is_none() || nodes.value(b).is_none() {
            return false;
        }
        let is_outermost = self.assumed.is_empty();
        if !self.assumed.insert((a, b)) {
            return true;
        }
        let are_equivalent = self.compare(nodes, a, b);
        if !are_equivalent {
            self.known.insert((a, b), false);
        }
        if is_outermost {
            let pairs = self.assumed.drain();
            if are_equivalent {
                self.known.extend(pairs.map(|pair| (pair, true)));
            }
        }
        are_equivalent
    }

    fn compare(&mut self, nodes: &mut Nodes<'_>, a: NodeId, b: NodeId) -> bool {
        let (Some(old), Some(new)) = (nodes.keywords(a), nodes.keywords(b)) else {
            return nodes.value(a) == nodes.value(b);
        };
        let assertions = |keywords: &Map<String, Value>| {
            let names = keywords.keys().filter(|name| applies(name).is_some());
            names.cloned().collect::<HashSet<_>>()
        };
        let names = assertions(old);
        nodes.draft(a) == nodes.draft(b)
            && names == assertions(new)
            && (names.iter())
                .all(|name| self.keyword(nodes, (a, b), name, (&old[name], &new[name])))
    }

    fn keyword(
        &mut self,
        nodes: &mut Nodes<'_>,
        (a, b): (NodeId, NodeId),
        name: &str,
        (old, new): (&Value, &Value),
    ) -> bool {
        if name == "$ref" {
            let targets = (
                old.as_str()
                    .and_then(|target| nodes.reference_target(a, target)),
                new.as_str()
                    .and_then(|target| nodes.reference_target(b, target)),
            );
            return matches!(targets, (Some(a), Some(b)) if self.are_equivalent(nodes, a, b));
        }
        if name == "$dynamicRef" {
            return old == new && nodes.have_same_root(a, b);
        }
        let pointers = |value| {
            let subschemas = subschemas_of_keyword(name, value);
            subschemas
                .map(|subschema| subschema.pointer)
                .collect::<BTreeSet<_>>()
        };
        let shared = pointers(old);
        if shared.is_empty() {
            return old == new;
        }
        shared == pointers(new)
            && (name != "dependencies" || name_lists(old) == name_lists(new))
            && shared
                .iter()
                .all(|pointer| self.subschema(nodes, (a, b), &pointer[1..]))
    }

    fn subschema(&mut self, nodes: &mut Nodes<'_>, (a, b): (NodeId, NodeId), step: &str) -> bool {
        match (nodes.subschema(a, step), nodes.subschema(b, step)) {
            (Some(a), Some(b)) => self.are_equivalent(nodes, a, b),
            _ => false,
        }
    }
}

/// The members of `dependencies` that are lists of names.
fn name_lists(dependencies: &Value) -> BTreeMap<&String, &Value> {
    let members = dependencies.as_object().into_iter().flatten();
    members.filter(|(_, value)| value.is_array()).collect()
}
