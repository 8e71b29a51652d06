//! Whether two schemas say the same, keyword for keyword; references are
//! followed, and annotations don't count.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use super::node::{Id, Nodes};
use apifox_document::pointer::JsonPointerExt as _;
use apifox_document::schema::keywords::{Form, applies, keyword};

/// What is known of pairs of schemas.
#[derive(Debug, Default)]
pub(super) struct Sameness {
    known: HashMap<(Id, Id), bool>,
    /// The pairs that are taken to be the same until they turn out not to be.
    assumed: HashSet<(Id, Id)>,
}

impl Sameness {
    pub fn are_same(&mut self, nodes: &mut Nodes<'_>, a: Id, b: Id) -> bool {
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
        let are_same = self.compare(nodes, a, b);
        if !are_same {
            self.known.insert((a, b), false);
        }
        if is_outermost {
            let all = self.assumed.drain();
            if are_same {
                self.known.extend(all.map(|it| (it, true)));
            }
        }
        are_same
    }

    fn compare(&mut self, nodes: &mut Nodes<'_>, a: Id, b: Id) -> bool {
        let (Some(old), Some(new)) = (nodes.keywords(a), nodes.keywords(b)) else {
            return nodes.value(a) == nodes.value(b);
        };
        let asserts = |it: &Map<String, Value>| {
            let names = it.keys().filter(|it| applies(it).is_some());
            names.cloned().collect::<HashSet<_>>()
        };
        let names = asserts(old);
        nodes.draft(a) == nodes.draft(b)
            && names == asserts(new)
            && (names.iter())
                .all(|name| self.keyword(nodes, (a, b), name, (&old[name], &new[name])))
    }

    fn keyword(
        &mut self,
        nodes: &mut Nodes<'_>,
        (a, b): (Id, Id),
        name: &str,
        (old, new): (&Value, &Value),
    ) -> bool {
        if name == "$ref" {
            let targets = (
                old.as_str().and_then(|it| nodes.target(a, it)),
                new.as_str().and_then(|it| nodes.target(b, it)),
            );
            return matches!(targets, (Some(a), Some(b)) if self.are_same(nodes, a, b));
        }
        if name == "$dynamicRef" {
            return old == new && nodes.have_same_root(a, b);
        }
        let form = keyword(name).map_or(Form::Free, |it| it.form);
        match (form, old, new) {
            (
                Form::Schema | Form::SchemaOrSchemas,
                Value::Object(_) | Value::Bool(_),
                Value::Object(_) | Value::Bool(_),
            ) => self.below(nodes, (a, b), name),
            (Form::Schemas | Form::SchemaOrSchemas, Value::Array(old), Value::Array(new)) => {
                let mut steps = (0..old.len()).map(|index| name.child(index));
                old.len() == new.len() && steps.all(|step| self.below(nodes, (a, b), &step))
            }
            (Form::NamedSchemas | Form::Dependencies, Value::Object(old), Value::Object(new)) => {
                old.len() == new.len()
                    && old.iter().all(|(key, value)| match new.get(key) {
                        Some(other) if value.is_array() => value == other,
                        Some(_) => self.below(nodes, (a, b), &name.child(key)),
                        None => false,
                    })
            }
            _ => old == new,
        }
    }

    fn below(&mut self, nodes: &mut Nodes<'_>, (a, b): (Id, Id), step: &str) -> bool {
        match (nodes.below(a, step), nodes.below(b, step)) {
            (Some(a), Some(b)) => self.are_same(nodes, a, b),
            _ => false,
        }
    }
}
