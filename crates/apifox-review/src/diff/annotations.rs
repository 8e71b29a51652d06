//! What changed without changing what is accepted: descriptions, defaults, formats. Each
//! pair of schemas is compared once, for the first operation that it belongs to.

use serde_json::Value;

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

/// A pair of schemas, and the path to their values.
type Pair = (NodeId, NodeId, String);

impl ApiComparison<'_> {
    /// The changes of annotations in two schemas and all that they contain.
    pub(super) fn annotation_changes(
        &mut self,
        old: NodeId,
        new: NodeId,
        role: Role,
    ) -> Vec<Change> {
        let mut changes = Vec::new();
        let mut pending = vec![(old, new, String::new())];
        while let Some((old, new, path)) = pending.pop() {
            if self.annotated.insert((old, new)) {
                changes.extend(self.own_annotations(old, new, &path, role));
                let pairs = self.subschema_pairs(old, new, &path);
                pending.extend(pairs.into_iter().rev());
            }
        }
        changes
    }

    /// The pairs of schemas within a pair.
    fn subschema_pairs(&mut self, old: NodeId, new: NodeId, path: &str) -> Vec<Pair> {
        let schemas = &mut self.schemas;
        let mut steps: Vec<(String, String)> = Vec::new();
        for name in schemas.shared_names(old, new, "properties") {
            steps.push(("properties".child(&name), path.child(&name)));
        }
        for keyword in ["items", "additionalProperties"] {
            steps.push((keyword.to_owned(), format!("{path}/*")));
        }
        for keyword in ["allOf", "anyOf", "oneOf"] {
            for index in 0..schemas.shared_length(old, new, keyword) {
                steps.push((keyword.child(index), path.to_owned()));
            }
        }
        let mut pairs: Vec<Pair> = Vec::new();
        for (step, path) in steps {
            let both = schemas
                .subschema(old, &step)
                .zip(schemas.subschema(new, &step));
            pairs.extend(both.map(|(old, new)| (old, new, path)));
        }
        let targets = schemas
            .reference_target(old)
            .zip(schemas.reference_target(new));
        pairs.extend(targets.map(|(old, new)| (old, new, path.to_owned())));
        pairs
    }

    fn own_annotations(&self, old: NodeId, new: NodeId, path: &str, role: Role) -> Vec<Change> {
        let mut changes = Vec::new();
        for name in ANNOTATIONS {
            let before = self.schemas.keyword_value(old, name);
            let after = self.schemas.keyword_value(new, name);
            if before == after || applies(name).is_some() {
                continue;
            }
            changes.push(Change {
                path: path.to_owned(),
                keyword: Some(name.to_owned()),
                old: self.schemas.pointer(old, Side::Old),
                new: self.schemas.pointer(new, Side::New),
                ..Change::new(role, Relation::Equal, message(name, before, after))
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
