//! `nullable`, which OpenAPI 3.0 lets add `null` to `type` and to nothing else, but which is
//! commonly meant to add it to whatever the schema says.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{Dialect, Models, SchemaVersion};
use crate::diagnostics::shortened;
use crate::pointer::JsonValueExt as _;
use crate::schema::keywords::applies;
use crate::schema::visit_subschemas_mut;

/// What may refuse `null` besides `type`.
const OTHERS: [&str; 6] = ["$ref", "allOf", "anyOf", "const", "enum", "oneOf"];

/// How many schemas are looked at to find out whether one accepts `null`.
const MOST: usize = 2000;

impl Dialect<'_> {
    /// Adds `null` to the type of a schema that is nullable. Whether the rest of it accepts
    /// `null` is known once all schemas are translated.
    pub(super) fn nullable(&mut self, schema: &mut Map<String, Value>, place: &str) {
        for keyword in ["anyOf", "oneOf"] {
            if let Some(Value::Array(alternatives)) = schema.get_mut(keyword) {
                alternatives.iter_mut().for_each(null_alternative);
            }
        }
        match schema.remove("nullable") {
            Some(Value::Bool(true)) => {}
            None | Some(Value::Bool(false) | Value::Null) => return,
            Some(other) => {
                let message = format!("is {}, not true or false; it is skipped", shortened(&other));
                return self.note(place, Some("nullable"), &message);
            }
        }
        add_to_type(schema);
        if OTHERS.iter().any(|name| schema.contains_key(*name)) {
            let nullable = (self.root.clone(), place.to_owned());
            self.nullable.insert(nullable);
        }
    }

    /// Lets each nullable schema accept `null`, and notes where its version alone would not.
    pub(super) fn admit_nulls(&mut self, json: &mut Value) {
        let nullable = std::mem::take(&mut self.nullable);
        let places: BTreeSet<String> = nullable.iter().map(|(_, place)| place.clone()).collect();
        for (root, place) in nullable {
            self.root = root;
            let Some(mut schema) = json.value_at(&place).cloned() else {
                continue;
            };
            let mut acceptance = Acceptance {
                dialect: self,
                json,
                nullable: &places,
                left: MOST,
            };
            if acceptance.accepts_null(&schema) {
                continue;
            }
            acceptance.admit_null(&mut schema, 0);
            if let Some(there) = json.pointer_mut(&place) {
                *there = schema;
            }
            self.references_moved(json, &place);
            if self.version == SchemaVersion::OpenApi30 {
                let message = "has no effect here by OpenAPI 3.0, where the rest of the schema \
                               refuses null; null is accepted, as is commonly meant";
                self.note(&place, Some("nullable"), message);
            }
        }
    }

    /// Registers the references in the schema at `place` anew.
    fn references_moved(&mut self, json: &mut Value, place: &str) {
        self.references.remove(place);
        let within = format!("{place}/");
        let later = self.references.range(within.clone()..);
        let moved = later.take_while(|(at, _)| at.starts_with(&within));
        let moved: Vec<String> = moved.map(|(at, _)| at.clone()).collect();
        for at in moved {
            self.references.remove(&at);
        }
        if let Some(schema) = json.pointer_mut(place) {
            self.register(schema, place);
        }
    }

    fn register(&mut self, schema: &mut Value, place: &str) {
        let Value::Object(members) = schema else {
            return;
        };
        if let Some(target) = members.get("$ref").and_then(Value::as_str) {
            let target = self.absolute(target);
            self.references.insert(place.to_owned(), target);
        }
        visit_subschemas_mut(members, |pointer, subschema| {
            self.register(subschema, &format!("{place}{pointer}"));
        });
    }
}

/// Finds out which schemas accept `null`.
struct Acceptance<'a, 'f> {
    dialect: &'a Dialect<'f>,
    json: &'a Value,
    /// The places of schemas that will accept it.
    nullable: &'a BTreeSet<String>,
    /// How many more schemas may be looked at. Schemas refer to themselves.
    left: usize,
}

impl Acceptance<'_, '_> {
    fn accepts_null(&mut self, schema: &Value) -> bool {
        let Value::Object(members) = schema else {
            return *schema != Value::Bool(false);
        };
        if self.left == 0 {
            return false;
        }
        self.left -= 1;
        members.iter().all(|(name, value)| match name.as_str() {
            "type" => has_null(value, &"null".into()),
            "enum" => has_null(value, &Value::Null),
            "const" => value.is_null(),
            "$ref" => self.target_accepts(value),
            "allOf" => self.accepting(value) == length(value),
            "anyOf" => self.accepting(value) > 0,
            "oneOf" => self.accepting(value) == 1,
            "not" => !self.accepts_null(value),
            _ => true,
        })
    }

    /// How many of these schemas accept `null`.
    fn accepting(&mut self, schemas: &Value) -> usize {
        let schemas = schemas.as_array().into_iter().flatten();
        schemas.filter(|schema| self.accepts_null(schema)).count()
    }

    fn target_accepts(&mut self, reference: &Value) -> bool {
        let Some(reference) = reference.as_str() else {
            return true;
        };
        let is_anchor = !reference.starts_with("#/") && reference != "#";
        if is_anchor && matches!(self.dialect.models, Models::Within) {
            return false;
        }
        let place = self.dialect.absolute(reference);
        let json = self.json;
        self.nullable.contains(&place)
            || json
                .value_at(&place)
                .is_some_and(|target| self.accepts_null(target))
    }

    /// Changes a schema so that it accepts `null` too. What stands in it keeps its place,
    /// except a reference, which becomes one of two alternatives.
    fn admit_null(&mut self, schema: &mut Value, depth: usize) {
        const DEEPEST: usize = 64;
        if depth > DEEPEST || self.accepts_null(schema) {
            return;
        }
        let Value::Object(members) = schema else {
            return;
        };
        add_to_type(members);
        if let Some(constant) = members.remove("const") {
            members.insert("enum".into(), json!([constant]));
        }
        if let Some(Value::Array(values)) = members.get_mut("enum")
            && !values.contains(&Value::Null)
        {
            values.push(Value::Null);
        }
        for keyword in ["anyOf", "oneOf"] {
            let refuses = members
                .get(keyword)
                .is_some_and(|schemas| self.accepting(schemas) == 0);
            if let Some(Value::Array(alternatives)) = members.get_mut(keyword)
                && refuses
            {
                alternatives.push(json!({"type": "null"}));
            }
        }
        match only_reference(members) {
            Some(target) => ref_or_null(members, &target),
            None => {
                if let Some(Value::Array(branches)) = members.get_mut("allOf") {
                    for branch in branches {
                        self.admit_null(branch, depth + 1);
                    }
                }
            }
        }
    }
}

/// The one reference that a schema is: as `$ref`, or as the only schema of `allOf`, which older
/// documents write to have something beside it. It is removed.
fn only_reference(members: &mut Map<String, Value>) -> Option<Value> {
    if let Some(target) = members.remove("$ref") {
        return Some(target);
    }
    let [Value::Object(branch)] = members.get("allOf")?.as_array()?.as_slice() else {
        return None;
    };
    let target = branch.get("$ref").cloned()?;
    let says_more = branch
        .keys()
        .any(|name| name != "$ref" && applies(name).is_some());
    if says_more || members.contains_key("anyOf") {
        return None;
    }
    members.remove("allOf");
    Some(target)
}

/// Lets a schema accept `null` or what `target` accepts. Title and description stay in place,
/// and so do alternatives that are there already.
fn ref_or_null(members: &mut Map<String, Value>, target: &Value) {
    let either = json!([{"$ref": target}, {"type": "null"}]);
    if !members.contains_key("anyOf") {
        members.insert("anyOf".into(), either);
        return;
    }
    let more = json!({"anyOf": either});
    match members.get_mut("allOf") {
        Some(Value::Array(all)) => all.push(more),
        _ => drop(members.insert("allOf".into(), json!([more]))),
    }
}

fn add_to_type(members: &mut Map<String, Value>) {
    let types = match members.get("type") {
        Some(Value::String(one)) => vec![Value::from(one.as_str())],
        Some(Value::Array(types)) => types.clone(),
        _ => return,
    };
    if !types.iter().any(|each| each == "null") {
        let types: Vec<Value> = types.into_iter().chain(["null".into()]).collect();
        members.insert("type".into(), types.into());
    }
}

/// Whether a value, or a list of values, has this one.
fn has_null(value: &Value, null: &Value) -> bool {
    value == null || value.as_array().is_some_and(|values| values.contains(null))
}

fn length(schemas: &Value) -> usize {
    schemas.as_array().map_or(0, Vec::len)
}

/// An alternative that is nothing but nullable is `null`.
fn null_alternative(schema: &mut Value) {
    let is_bare = |members: &Map<String, Value>| {
        members.get("nullable") == Some(&Value::Bool(true))
            && members
                .keys()
                .all(|name| name == "nullable" || applies(name).is_none())
    };
    if schema.as_object().is_some_and(is_bare) {
        *schema = json!({"type": "null"});
    }
}
