//! What `readOnly` and `writeOnly` mark, and `required` without it.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::api::{Content, Endpoint, PartValue};
use crate::pointer::{JsonValueExt as _, decoded};
use crate::schema::visit_subschemas_mut;

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
    /// The pointer to the schema with `required`, from the schema that was searched.
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

    /// Removes the names from `required` that are not of a direction, and returns them. What is
    /// negated stays as it is.
    pub fn relax(&self, schema: &mut Value, direction: Direction) -> Vec<RequiredMark> {
        let mut relaxation = Relaxation {
            marks: self,
            direction,
            removed: Vec::new(),
        };
        relaxation.relax(schema, "", &BTreeSet::new());
        relaxation.removed
    }

    /// The names in `required` that are not of a direction.
    pub fn required(&self, schema: &Value, direction: Direction) -> Vec<RequiredMark> {
        self.relax(&mut schema.clone(), direction)
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
    fn marked(&self, members: &Map<String, Value>, direction: Direction) -> BTreeSet<String> {
        let mut marked = BTreeSet::new();
        for part in self.conjuncts(members) {
            let properties = part.get("properties").and_then(Value::as_object);
            for (name, property) in properties.into_iter().flatten() {
                if self.is_marked(property, direction) {
                    marked.insert(name.clone());
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
    /// `allOf`. A reference that may be null instead is one of two alternatives.
    fn conjuncts<'m>(&'m self, members: &'m Map<String, Value>) -> Vec<&'m Map<String, Value>> {
        let mut seen = BTreeSet::new();
        let mut found = Vec::new();
        let mut pending = vec![members];
        while let Some(part) = pending.pop() {
            if !seen.insert(std::ptr::from_ref(part)) {
                continue;
            }
            found.push(part);
            let target = part.get("$ref").and_then(Value::as_str);
            let target = target.and_then(|target| target.strip_prefix('#'));
            let target = target.and_then(|pointer| self.json.value_at(&decoded(pointer)));
            let schemas = |name: &str| part.get(name).and_then(Value::as_array);
            let all = schemas("allOf").into_iter().flatten();
            let or_null = schemas("anyOf").filter(|all| is_or_null(all));
            let next = target
                .into_iter()
                .chain(all)
                .chain(or_null.into_iter().flatten());
            pending.extend(next.filter_map(Value::as_object));
        }
        found
    }
}

/// Whether alternatives are a reference and `null`.
fn is_or_null(alternatives: &[Value]) -> bool {
    let [reference, null] = alternatives else {
        return false;
    };
    reference.get("$ref").is_some() && null["type"] == "null"
}

/// The removal of names from one schema.
struct Relaxation<'m, 'd> {
    marks: &'m Marks<'d>,
    direction: Direction,
    removed: Vec<RequiredMark>,
}

impl Relaxation<'_, '_> {
    /// `around` are the marked properties of the same object that schemas around this one
    /// declare.
    fn relax(&mut self, schema: &mut Value, pointer: &str, around: &BTreeSet<String>) {
        let Value::Object(members) = schema else {
            return;
        };
        let mut marked = self.marks.marked(members, self.direction);
        marked.extend(around.iter().cloned());
        self.remove(members, pointer, &marked);
        visit_subschemas_mut(members, |below, subschema| {
            let pointer = format!("{pointer}{below}");
            match below.split('/').nth(1).unwrap_or_default() {
                "not" | "if" => {}
                "allOf" | "anyOf" | "oneOf" | "then" | "else" | "dependentSchemas" => {
                    self.relax(subschema, &pointer, &marked);
                }
                _ => self.relax(subschema, &pointer, &BTreeSet::new()),
            }
        });
    }

    fn remove(
        &mut self,
        members: &mut Map<String, Value>,
        pointer: &str,
        marked: &BTreeSet<String>,
    ) {
        let Some(Value::Array(required)) = members.get_mut("required") else {
            return;
        };
        let before = required.len();
        required.retain(|name| {
            let name = name.as_str().filter(|name| marked.contains(*name));
            self.removed.extend(name.map(|name| RequiredMark {
                schema: pointer.to_owned(),
                name: name.to_owned(),
            }));
            name.is_none()
        });
        if required.is_empty() && before > 0 {
            members.shift_remove("required");
        }
    }
}
