//! What `readOnly` and `writeOnly` mark, and `required` without it.

use std::cell::Cell;
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

/// How many references are followed to what else an object has to fit, and how many of their
/// targets are copied: what refers to much many times over has no end.
const MOST_FOLLOWED: usize = 1000;
const MOST_COPIED: usize = 64;

/// A name in `required` whose property is marked as not of a direction.
#[derive(Clone)]
pub(super) struct RequiredMark {
    /// The pointer to the schema with `required`, or with the reference, from where the search
    /// began.
    pub schema: String,
    pub name: String,
    /// The target of the reference without what it must not require here, where it requires it by
    /// itself: others refer to it, for whom it does.
    pub copy: Option<Value>,
}

impl RequiredMark {
    /// Makes a schema one that does not require it.
    pub fn apply(&self, json: &mut Value) {
        let Some(Value::Object(schema)) = json.pointer_mut(&self.schema) else {
            return;
        };
        if let Some(copy) = &self.copy {
            return take_in(schema, copy);
        }
        if let Some(Value::Array(required)) = schema.get_mut("required") {
            required.retain(|name| *name != self.name);
            if required.is_empty() {
                schema.shift_remove("required");
            }
        }
    }
}

/// Puts a schema in place of a reference.
fn take_in(schema: &mut Map<String, Value>, copy: &Value) {
    if schema.shift_remove("$ref").is_none() {
        return;
    }
    match (schema.is_empty(), copy) {
        (true, Value::Object(copy)) => schema.clone_from(copy),
        _ => {
            let all = schema
                .entry("allOf")
                .or_insert_with(|| Value::Array(Vec::new()));
            if let Value::Array(all) = all {
                all.push(copy.clone());
            }
        }
    }
}

/// How many values the copies of a document hold together: many schemas that mark a property of
/// one large schema would each have all of it.
const MOST_VALUES: usize = 250_000;

/// The marks in the schemas of a document.
pub(super) struct Marks<'d> {
    pub json: &'d Value,
    /// How many values copies may still hold; none where they are of no use.
    left: Cell<usize>,
    /// Whether a copy was too large for that.
    is_short: Cell<bool>,
}

impl<'d> Marks<'d> {
    pub fn new(json: &'d Value) -> Self {
        Self {
            json,
            left: Cell::new(MOST_VALUES),
            is_short: Cell::new(false),
        }
    }

    /// Has nothing copied, for who has no use for it.
    pub fn copy_nothing(&self) {
        self.left.set(0);
    }

    /// Whether there was no room for a copy: what it would not require is required still.
    pub fn are_short(&self) -> bool {
        self.is_short.get()
    }

    /// Whether there is room for a copy of this value, which it takes.
    fn has_room_for(&self, value: &Value) -> bool {
        let left = self.left.get().checked_sub(count(value, self.left.get()));
        self.is_short.set(self.is_short.get() || left.is_none());
        self.left.set(left.unwrap_or_default());
        left.is_some()
    }
}

/// How many values are in this one, itself among them; of more than `most` that there are more.
fn count(value: &Value, most: usize) -> usize {
    let mut found = 0;
    let mut pending = vec![value];
    while let Some(value) = pending.pop() {
        found += 1;
        if found > most {
            break;
        }
        match value {
            Value::Array(items) => pending.extend(items),
            Value::Object(members) => pending.extend(members.values()),
            _ => {}
        }
    }
    found
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
            open: Vec::new(),
            followed: 0,
            copied: 0,
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
    /// The targets of the references that are followed.
    open: Vec<*const Value>,
    followed: usize,
    copied: usize,
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
            copy: None,
        }));
        if let Some(Value::String(target)) = members.get("$ref") {
            self.follow(target, pointer, &marked);
        }
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

impl<'m> Search<'m> {
    /// Looks at what a reference at `pointer` leads to, for names that are marked around it and
    /// not there.
    fn follow(&mut self, reference: &str, pointer: &str, around: &BTreeSet<&'m str>) {
        let marks = self.marks;
        let [target @ Value::Object(members)] = marks.target(reference) else {
            return;
        };
        let own = marks.marked(members, self.direction);
        let is_known = around.is_subset(&own) || self.open.contains(&std::ptr::from_ref(target));
        if is_known || self.followed >= MOST_FOLLOWED || self.copied >= MOST_COPIED {
            return;
        }
        self.followed += 1;
        self.open.push(target);
        let before = self.found.len();
        self.schema(target, "", around);
        let found = self.found.split_off(before);
        self.open.pop();
        let other = found.iter().find(|mark| !own.contains(mark.name.as_str()));
        let Some(name) = other.map(|mark| mark.name.clone()) else {
            return;
        };
        if !marks.has_room_for(target) {
            return;
        }
        self.copied += 1;
        let mut copy = target.clone();
        found.iter().for_each(|mark| mark.apply(&mut copy));
        self.found.push(RequiredMark {
            schema: pointer.to_owned(),
            name,
            copy: Some(copy),
        });
    }
}

/// Whether a keyword may require properties of the object that its schema is about.
fn requires(keyword: &str) -> bool {
    const KEYWORDS: [&str; 8] = [
        "$ref",
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
