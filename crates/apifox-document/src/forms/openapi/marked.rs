//! What `readOnly` and `writeOnly` mark, and `required` without it.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::slice;

use serde_json::{Map, Value};

use super::relaxed::{Change, Direction, RelaxedForms, RequiredMark};
use crate::api::{Content, Endpoint, PartValue};
use crate::pointer::{JsonValueExt as _, decoded};
use crate::schema::subschemas;

/// The marks in the schemas of a document.
pub(super) struct Marks<'d> {
    pub json: &'d Value,
    /// The forms of schemas that require what others mark.
    pub relaxed: RefCell<RelaxedForms>,
}

impl<'d> Marks<'d> {
    pub fn new(json: &'d Value) -> Self {
        Self {
            json,
            relaxed: RefCell::default(),
        }
    }

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

    /// What a schema requires that is not of a direction, itself or by those that it takes
    /// together. What is negated is not looked at.
    pub fn required(&self, schema: &Value, direction: Direction) -> Vec<RequiredMark> {
        self.search(schema, direction, MOST_FOLLOWED)
    }

    /// The names in `required` of a schema itself that are not of a direction.
    pub fn own_required(&self, schema: &Value, direction: Direction) -> Vec<RequiredMark> {
        self.search(schema, direction, 0)
    }

    fn search(&self, schema: &Value, direction: Direction, left: usize) -> Vec<RequiredMark> {
        let mut search = Search {
            marks: self,
            direction,
            contexts: Vec::new(),
            targets: Vec::new(),
            left,
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

/// How many references a search follows: each leads to a schema that may have many.
const MOST_FOLLOWED: usize = 1000;

/// How many references a search follows within one another.
const DEEPEST: usize = 64;

/// The search of one schema for names that are marked.
struct Search<'m> {
    marks: &'m Marks<'m>,
    direction: Direction,
    /// The marked properties of the same object that schemas around the references declare which
    /// were followed, the outermost first.
    contexts: Vec<BTreeSet<&'m str>>,
    /// What these references lead to.
    targets: Vec<String>,
    /// How many more are followed.
    left: usize,
    found: Vec<RequiredMark>,
}

/// The outermost of the contexts that what was found depends on; `None` if nothing was found.
type Outermost = Option<usize>;

impl<'m> Search<'m> {
    /// `around` are the marked properties of the same object that schemas around this one
    /// declare.
    fn schema(
        &mut self,
        schema: &'m Value,
        pointer: &str,
        around: &BTreeSet<&'m str>,
    ) -> Outermost {
        let Value::Object(members) = schema else {
            return None;
        };
        let mut marked = BTreeSet::new();
        if members.keys().any(|name| requires(name)) {
            marked = self.marks.marked(members, self.direction);
            marked.extend(around);
        }
        let mut outermost = self.names(members, pointer, &marked);
        let mut add = |found: Outermost| outermost = [outermost, found].into_iter().flatten().min();
        if let Some(Value::String(reference)) = members.get("$ref") {
            add(self.reference(reference, pointer, around));
        }
        // An alternative that a discriminator names has to stay the one that it names.
        let has_names = members.contains_key("discriminator");
        for subschema in subschemas(members) {
            let pointer = format!("{pointer}{}", subschema.pointer);
            match subschema.keyword {
                "not" | "if" => {}
                "anyOf" | "oneOf" if has_names && subschema.value.get("$ref").is_some() => {}
                keyword if requires(keyword) => {
                    add(self.schema(subschema.value, &pointer, &marked));
                }
                _ => {
                    // Another object, of which the schemas around say nothing.
                    let contexts = std::mem::take(&mut self.contexts);
                    self.schema(subschema.value, &pointer, &BTreeSet::new());
                    self.contexts = contexts;
                }
            }
        }
        outermost
    }

    /// The names in `required` of a schema that are marked.
    fn names(
        &mut self,
        members: &'m Map<String, Value>,
        pointer: &str,
        marked: &BTreeSet<&'m str>,
    ) -> Outermost {
        let required = members.get("required").and_then(Value::as_array);
        let names = required.into_iter().flatten().filter_map(Value::as_str);
        let mut outermost = None;
        for name in names {
            let context = match marked.contains(name) {
                true => Some(self.contexts.len()),
                false => self
                    .contexts
                    .iter()
                    .rposition(|context| context.contains(name)),
            };
            if let Some(context) = context {
                outermost = Some(outermost.map_or(context, |known: usize| known.min(context)));
                self.found.push(RequiredMark {
                    schema: pointer.to_owned(),
                    change: Change::NotRequired(name.to_owned()),
                });
            }
        }
        outermost
    }

    /// What a reference leads to may require what schemas around it mark.
    fn reference(
        &mut self,
        reference: &str,
        pointer: &str,
        around: &BTreeSet<&'m str>,
    ) -> Outermost {
        let place = reference.strip_prefix('#').map(decoded)?;
        let is_alone = around.is_empty() && self.contexts.iter().all(BTreeSet::is_empty);
        let is_within = self.targets.len() >= DEEPEST || self.targets.contains(&place);
        if is_alone || is_within || self.left == 0 {
            return None;
        }
        self.left -= 1;
        let target = self.marks.json.value_at(&place)?;
        let found = std::mem::take(&mut self.found);
        self.contexts.push(around.clone());
        self.targets.push(place);
        let outermost = self.schema(target, "", &BTreeSet::new());
        let place = self.targets.pop()?;
        self.contexts.pop();
        let found = std::mem::replace(&mut self.found, found);
        // What marks its own needs no other form here.
        let outermost = outermost.filter(|context| *context <= self.contexts.len())?;
        let mut relaxed = self.marks.relaxed.borrow_mut();
        let form = relaxed.place(target, &place, self.direction, found)?;
        self.found.push(RequiredMark {
            schema: pointer.to_owned(),
            change: Change::Relaxed(form),
        });
        Some(outermost)
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
