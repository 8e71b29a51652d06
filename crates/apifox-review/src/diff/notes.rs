//! What changed beside what is accepted: words, defaults, formats. Each pair of
//! schemas is looked at once, with the first operation that it belongs to.

use apifox_document::pointer::JsonPointerExt as _;
use serde_json::Value;

use super::change::{Change, Relation, Role};
use super::operations::Sides;
use super::schema::{Id, Side};
use apifox_document::diagnostics::shortened;
use apifox_document::schema::keywords::applies;

/// The annotations that a caller may want to know of.
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

/// The keywords with a schema in them, and what of a value it is for.
const WITHIN: [(&str, &str); 2] = [("items", "/*"), ("additionalProperties", "/*")];

impl Sides<'_> {
    pub(super) fn notes(&mut self, old: Id, new: Id, role: Role) -> Vec<Change> {
        let mut changes = Vec::new();
        let mut pending = vec![(old, new, String::new())];
        while let Some((old, new, path)) = pending.pop() {
            if !self.noted.insert((old, new)) {
                continue;
            }
            changes.extend(self.annotations(old, new, &path, role));
            let below = self.below(old, new, &path);
            pending.extend(below.into_iter().rev());
        }
        changes
    }

    /// The pairs of schemas within a pair, with the place of their values.
    fn below(&mut self, old: Id, new: Id, path: &str) -> Vec<(Id, Id, String)> {
        let mut found = Vec::new();
        let mut both = |sides: &mut Self, step: &str, place: String| {
            let pair = sides
                .comparison
                .below(old, step)
                .zip(sides.comparison.below(new, step));
            found.extend(pair.map(|(old, new)| (old, new, place)));
        };
        let named = self.comparison.shared_names(old, new, "properties");
        for name in named {
            both(self, &"properties".child(&name), path.child(&name));
        }
        for (keyword, step) in WITHIN {
            both(self, keyword, format!("{path}{step}"));
        }
        for keyword in ["allOf", "anyOf", "oneOf"] {
            for index in 0..self.comparison.shared_length(old, new, keyword) {
                both(self, &keyword.child(index), path.to_owned());
            }
        }
        let targets = self
            .comparison
            .referred(old)
            .zip(self.comparison.referred(new));
        found.extend(targets.map(|(old, new)| (old, new, path.to_owned())));
        found
    }

    fn annotations(&self, old: Id, new: Id, path: &str, role: Role) -> Vec<Change> {
        let said = |id, name: &str| self.comparison.said(id, name);
        let mut changes = Vec::new();
        for name in ANNOTATIONS {
            let (before, after) = (said(old, name), said(new, name));
            if before == after || applies(name).is_some() {
                continue;
            }
            changes.push(Change {
                path: path.to_owned(),
                keyword: Some(name.to_owned()),
                old: self.comparison.pointer(old, Side::Old),
                new: self.comparison.pointer(new, Side::New),
                ..Change::of(role, Relation::Equal, message(name, before, after))
            });
        }
        changes
    }
}

fn message(name: &str, old: Option<&Value>, new: Option<&Value>) -> String {
    let is_prose = matches!(name, "description" | "title" | "x-warning");
    match (old, new) {
        (None, Some(_)) if is_prose => format!("has a {name} now"),
        (Some(_), None) if is_prose => format!("has no {name} any longer"),
        (Some(_), Some(_)) if is_prose => format!("{name} in other words"),
        (old, new) => {
            let text = |it: Option<&Value>| it.map_or_else(|| "none".to_owned(), shortened);
            format!("{name} {} → {}", text(old), text(new))
        }
    }
}
