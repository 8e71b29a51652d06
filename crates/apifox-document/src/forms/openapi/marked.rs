//! What `readOnly` and `writeOnly` mark, and `required` without it.

use std::collections::BTreeSet;
use std::slice;

use serde_json::{Map, Value};

use crate::api::{Content, Endpoint, PartValue};
use crate::pointer::{JsonValueExt as _, decoded};
use crate::schema::subschemas;

/// The way that a body goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    Request,
    Reply,
}

impl Direction {
    /// The keyword that marks properties as not of this direction.
    pub fn excluding_keyword(self) -> &'static str {
        match self {
            Self::Request => "readOnly",
            Self::Reply => "writeOnly",
        }
    }
}

/// A name in `required` whose property is marked as not of a direction.
pub(super) struct RequiredMark {
    /// The pointer to the schema with `required`, from where the search began.
    pub schema: String,
    pub name: String,
}

/// The marks in the schemas of a document.
pub(super) struct Marks<'d> {
    pub json: &'d Value,
}

impl Marks<'_> {
    /// Whether a document marks anything at all.
    pub fn are_in(json: &Value) -> bool {
        match json {
            Value::Object(members) => members.iter().any(|(name, value)| match value {
                Value::Bool(is_set) => *is_set && matches!(&name[..], "readOnly" | "writeOnly"),
                value => Self::are_in(value),
            }),
            Value::Array(items) => items.iter().any(Self::are_in),
            _ => false,
        }
    }

    /// The names in `required` that are not of a direction. What is negated is not looked at.
    pub fn required(&self, schema: &Value, direction: Direction) -> Vec<RequiredMark> {
        let mut search = Search {
            marks: self,
            direction,
            found: Vec::new(),
        };
        search.schema(schema, "", &BTreeSet::new());
        search.found
    }

    /// Lets requests leave out the fields of a form that are of replies alone.
    pub fn relax_fields(&self, endpoint: &mut Endpoint) {
        let contents = endpoint.body.iter_mut().flat_map(|body| &mut body.contents);
        let fields = contents.filter_map(|media| match &mut media.content {
            Content::Fields { fields, .. } => Some(fields),
            _ => None,
        });
        for field in fields.flatten() {
            if let PartValue::Schema(place) = &field.value
                && let Some(schema) = self.json.value_at(place)
                && self.is_marked(schema, Direction::Request)
            {
                field.required = false;
            }
        }
    }

    /// The properties that a schema marks, it and all that applies together with it.
    fn marked<'m>(
        &'m self,
        members: &'m Map<String, Value>,
        direction: Direction,
    ) -> BTreeSet<&'m str> {
        let mut marked = BTreeSet::new();
        for part in self.conjuncts(members) {
            let properties = part.get("properties").and_then(Value::as_object);
            for (name, property) in properties.into_iter().flatten() {
                if self.is_marked(property, direction) {
                    marked.insert(name.as_str());
                }
            }
        }
        marked
    }

    /// Whether a property is marked: itself, by the target of its reference, or by a part of
    /// `allOf`.
    fn is_marked(&self, property: &Value, direction: Direction) -> bool {
        let keyword = direction.excluding_keyword();
        let is_set = |part: &&Map<String, Value>| part.get(keyword) == Some(&Value::Bool(true));
        let parts = property
            .as_object()
            .map(|members| self.conjuncts(members))
            .unwrap_or_default();
        parts.iter().any(is_set)
    }

    /// The schemas that apply to the same value: this one, the targets of `$ref`, and those in
    /// `allOf`. What may be null instead is one of two alternatives.
    fn conjuncts<'m>(&'m self, members: &'m Map<String, Value>) -> Vec<&'m Map<String, Value>> {
        let mut seen = BTreeSet::from([std::ptr::from_ref(members)]);
        let mut found = vec![members];
        let mut at = 0;
        while let Some(part) = found.get(at).copied() {
            for (name, value) in part {
                let more = match (name.as_str(), value) {
                    ("$ref", Value::String(target)) => self.target(target),
                    ("allOf", Value::Array(all)) => all,
                    ("anyOf", Value::Array(all)) if is_or_null(all) => all,
                    _ => &[],
                };
                let more = more.iter().filter_map(Value::as_object);
                found.extend(more.filter(|next| seen.insert(std::ptr::from_ref(*next))));
            }
            at += 1;
        }
        found
    }

    /// What a reference leads to, if it leads anywhere.
    fn target(&self, reference: &str) -> &[Value] {
        let pointer = reference.strip_prefix('#').map(decoded);
        let target = pointer.and_then(|pointer| self.json.value_at(&pointer));
        target.map_or(&[], slice::from_ref)
    }
}

/// Whether alternatives are a schema and `null`, as what is nullable becomes.
fn is_or_null(alternatives: &[Value]) -> bool {
    matches!(alternatives, [_, null] if null["type"] == "null")
}

/// The search of one schema for names that are marked.
struct Search<'m> {
    marks: &'m Marks<'m>,
    direction: Direction,
    found: Vec<RequiredMark>,
}

impl<'m> Search<'m> {
    /// `around` are the marked properties of the same object that schemas around this one
    /// declare.
    fn schema(&mut self, schema: &'m Value, pointer: &str, around: &BTreeSet<&'m str>) {
        let Value::Object(members) = schema else {
            return;
        };
        let mut marked = BTreeSet::new();
        if members.keys().any(|name| requires(name)) {
            marked = self.marks.marked(members, self.direction);
            marked.extend(around);
        }
        let required = members.get("required").and_then(Value::as_array);
        let names = required.into_iter().flatten().filter_map(Value::as_str);
        let names = names.filter(|name| marked.contains(name));
        self.found.extend(names.map(|name| RequiredMark {
            schema: pointer.to_owned(),
            name: name.to_owned(),
        }));
        for subschema in subschemas(members) {
            let pointer = format!("{pointer}{}", subschema.pointer);
            match subschema.keyword {
                "not" | "if" => {}
                keyword if requires(keyword) => self.schema(subschema.value, &pointer, &marked),
                _ => self.schema(subschema.value, &pointer, &BTreeSet::new()),
            }
        }
    }
}

/// Whether a keyword may require properties of the object that its schema is about.
fn requires(keyword: &str) -> bool {
    const KEYWORDS: [&str; 7] = [
        "required",
        "allOf",
        "anyOf",
        "oneOf",
        "then",
        "else",
        "dependentSchemas",
    ];
    KEYWORDS.contains(&keyword)
}
