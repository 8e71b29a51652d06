//! References where OpenAPI has none, but its tools follow them all the same: in place of an
//! operation, of its responses, of a list of parameters or of an object of media types.
//!
//! Such a reference is replaced by what it leads to, each part of which is a reference again, so
//! that diagnostics name the place where the part is written.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::kind::ObjectKind;
use super::member::{Fate, Holds};
use super::walk::is_extension_of;
use crate::diagnostics::Diagnostic;
use crate::forms::path_item::{FARTHEST, resolve_refs};
use crate::pointer::{JsonPointerExt as _, JsonValueExt as _, decoded, encoded};

/// How much memory what is put in place of references may take, roughly, in bytes: many may
/// lead to one place.
const MOST_EXPANDED: usize = 16 << 20;

/// The memory that a value takes at least.
const VALUE: usize = 64;

/// Replaces such references in a document of OpenAPI or Swagger. One that does not resolve stays,
/// and is reported as what does not belong there. Returns what is read otherwise than it is
/// written.
pub(crate) fn expand_references(json: &mut Value, file: &str) -> Vec<Diagnostic> {
    let kind = match (json.get("openapi"), json.get("swagger")) {
        (Some(_), _) => ObjectKind::OpenApi,
        (None, Some(_)) => ObjectKind::Swagger,
        (None, None) => return Vec::new(),
    };
    let mut expansion = Expansion {
        json,
        file,
        left: MOST_EXPANDED,
        faults: Vec::new(),
    };
    let mut seen = HashSet::new();
    let mut pending = vec![(Holds::Object(kind), String::new())];
    while let Some((holds, place)) = pending.pop() {
        expansion.expand(holds, &place);
        let within = expansion.within(holds, &place);
        let mut is_new = |(_, place): &(Holds, String)| seen.insert(place.clone());
        pending.extend(within.into_iter().filter(&mut is_new));
    }
    expansion.faults
}

struct Expansion<'j> {
    json: &'j mut Value,
    file: &'j str,
    /// How much memory may still be used.
    left: usize,
    faults: Vec<Diagnostic>,
}

impl Expansion<'_> {
    /// Replaces the reference at a place, if it has no reference by the rules.
    fn expand(&mut self, holds: Holds, place: &str) {
        if let Holds::Object(kind) = holds
            && kind.may_refer()
        {
            return self.add_schema(kind, place);
        }
        let Some(end) = resolve_refs(self.json, place).filter(|end| end != place) else {
            return;
        };
        // One reference after the other: each may have something beside it.
        for _ in 0..FARTHEST {
            let own = self.json.value_at(place).and_then(Value::as_object);
            let target = own.and_then(decoded_target);
            let (Some(own), Some(target)) = (own, target.filter(|_| self.left > 0)) else {
                return;
            };
            let there = self.json.value_at(&target);
            let is_between = target != end && matches!(holds, Holds::List(_));
            let expanded = there.and_then(|there| match is_between {
                true => Some(there.clone()),
                false => expanded(holds, own, there, &target),
            });
            let Some(expanded) = expanded else {
                return;
            };
            // The first that is too much is the last that is tried.
            let left = self.left.checked_sub(size(&expanded));
            self.left = left.unwrap_or(0);
            if let (Some(_), Some(value)) = (left, self.json.pointer_mut(place)) {
                *value = expanded;
            }
        }
    }

    /// Reads what refers to a schema, and not to one of its own kind, as what has this schema.
    fn add_schema(&mut self, kind: ObjectKind, place: &str) {
        let has_schema = matches!(kind, ObjectKind::Header | ObjectKind::MediaType);
        let own = self.json.value_at(place).and_then(Value::as_object);
        if !has_schema || own.is_none_or(|own| decoded_target(own).is_none()) {
            return;
        }
        let target = resolve_refs(self.json, place);
        let target = target.filter(|target| is_shared_schema(target) && self.is_schema(target));
        if let (Some(target), Some(value)) = (target, self.json.pointer_mut(place)) {
            *value = json!({"schema": reference(target)});
            let name = kind.name();
            let message =
                format!("leads to a schema and not to a {name}; it is read as its schema");
            let help = "write the reference into `schema`";
            let fault = Diagnostic::new(self.file, place, message, help);
            self.faults.push(fault.with_keyword("$ref"));
        }
    }

    /// Whether what stands among the schemas is one: headers and the like are kept there too.
    fn is_schema(&self, place: &str) -> bool {
        let there = self.json.value_at(place);
        there.is_some_and(|there| there.get("schema").is_none() && there.get("content").is_none())
    }

    /// The places within a place where references may stand, and what each holds.
    fn within(&self, holds: Holds, place: &str) -> Vec<(Holds, String)> {
        let there = self.json.value_at(place);
        match (holds, there) {
            (Holds::Object(kind), Some(Value::Object(members))) => {
                if kind.may_refer() && members.get("$ref").is_some_and(Value::is_string) {
                    let target = resolve_refs(self.json, place);
                    return target.map(|target| (holds, target)).into_iter().collect();
                }
                let members = members.keys();
                let known = members.filter_map(|name| Some((kind.member(name)?.holds, name)));
                known
                    .filter(|(holds, _)| may_hold_references(*holds))
                    .map(|(holds, name)| (holds, place.child(name)))
                    .collect()
            }
            (Holds::Map(kind), Some(Value::Object(named))) => {
                let names = named.keys().filter(|name| !is_extension_of(kind, name));
                names
                    .map(|name| (Holds::Object(kind), place.child(name)))
                    .collect()
            }
            (Holds::List(kind), Some(Value::Array(items))) => {
                let indexes = 0..items.len();
                indexes
                    .map(|index| (Holds::Object(kind), place.child(index)))
                    .collect()
            }
            _ => Vec::new(),
        }
    }
}

/// Whether a place is that of a schema which a document shares.
fn is_shared_schema(place: &str) -> bool {
    let around = place.rsplit_once('/').map(|(around, _)| around);
    around.is_some_and(|around| {
        around.ends_with("/components/schemas") || around.ends_with("/definitions")
    })
}

fn may_hold_references(holds: Holds) -> bool {
    matches!(
        holds,
        Holds::Object(_) | Holds::Map(_) | Holds::List(_) | Holds::Schemas
    )
}

/// What takes the place of `own`, which refers to `there` at `target`; `None` if that is not
/// what belongs there.
fn expanded(holds: Holds, own: &Map<String, Value>, there: &Value, target: &str) -> Option<Value> {
    let mut all = own.clone();
    all.shift_remove("$ref");
    let is_member = |name: &str, value: &Value| name != "$ref" || !value.is_string();
    match (holds, there) {
        (Holds::List(_), Value::Array(items)) => {
            let places = (0..items.len()).map(|index| target.child(index));
            return Some(places.map(reference).collect());
        }
        (Holds::Map(kind), Value::Object(named)) => {
            for (name, value) in named.iter().filter(|it| is_member(it.0, it.1)) {
                let place = target.child(name);
                // Before OpenAPI 3.2 a media type is no reference.
                let media = value
                    .as_object()
                    .filter(|media| kind == ObjectKind::MediaType && !media.contains_key("$ref"));
                all.entry(name.as_str()).or_insert_with(|| match media {
                    Some(media) => media
                        .iter()
                        .map(|(name, value)| (name.clone(), part(kind, name, value, &place)))
                        .collect::<Map<_, _>>()
                        .into(),
                    None => reference(place),
                });
            }
        }
        (Holds::Schemas, Value::Object(named)) => {
            for (name, _) in named.iter().filter(|it| is_member(it.0, it.1)) {
                let place = target.child(name);
                all.entry(name.as_str()).or_insert_with(|| reference(place));
            }
        }
        (Holds::Object(kind), Value::Object(members)) => {
            for (name, value) in members.iter().filter(|it| is_member(it.0, it.1)) {
                let is_whole = value.is_object() || value.is_array();
                let is_note = kind
                    .member(name)
                    .is_some_and(|member| member.fate == Fate::Annotation);
                // What changes nothing and is large is not needed.
                if !(is_whole && is_note) || is_flat(value) {
                    all.entry(name.as_str())
                        .or_insert_with(|| part(kind, name, value, target));
                }
            }
        }
        _ => return None,
    }
    // What that refers to comes next.
    if let Some(next) = there.get("$ref").filter(|next| next.is_string()) {
        all.insert("$ref".to_owned(), next.clone());
    }
    Some(all.into())
}

/// Where a reference in this document leads, one step far.
fn decoded_target(own: &Map<String, Value>) -> Option<String> {
    let target = own.get("$ref")?.as_str()?;
    Some(decoded(target.strip_prefix('#')?))
}

fn reference(place: String) -> Value {
    json!({"$ref": format!("#{}", encoded(&place))})
}

/// A member of an object of this kind at `around`: a reference to it, where one may stand.
fn part(kind: ObjectKind, name: &str, value: &Value, around: &str) -> Value {
    let holds = kind.member(name).map(|member| member.holds);
    let is_whole = value.is_object() || value.is_array();
    let may_refer = holds.is_some_and(|holds| may_hold_references(holds) || holds == Holds::Schema);
    match is_whole && may_refer {
        true => reference(around.child(name)),
        false => value.clone(),
    }
}

/// Whether a value is a list of scalars.
fn is_flat(value: &Value) -> bool {
    let items = value.as_array();
    items.is_some_and(|items| {
        items
            .iter()
            .all(|item| !item.is_object() && !item.is_array())
    })
}

/// The memory that a value takes, roughly, in bytes. Nesting is as deep as parsing allows.
fn size(value: &Value) -> usize {
    let within: usize = match value {
        Value::String(text) => text.len(),
        Value::Array(items) => items.iter().map(size).sum(),
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| VALUE + name.len() + size(value))
            .sum(),
        _ => 0,
    };
    VALUE + within
}
