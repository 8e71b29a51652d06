//! What Apifox and OpenAPI 3.0 write differently from JSON Schema 2020-12: any value, limits
//! and tuples of older drafts, and patterns as JavaScript literals.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::Dialect;
use crate::diagnostics::{listed, shortened};
use crate::pointer::{JsonPointerExt as _, member};
use crate::schema::pattern_literal::PatternLiteral;

/// The types that together allow any value.
const ALL_TYPES: [&str; 6] = ["array", "boolean", "null", "number", "object", "string"];

impl Dialect<'_> {
    /// Translates a schema, without those in it, to JSON Schema 2020-12.
    pub(super) fn translate(&mut self, schema: &mut Map<String, Value>, place: &str) {
        limits(schema);
        self.tuples(schema, place);
        self.dependencies(schema, place);
        self.anything(schema, place);
        self.nullable(schema, place);
        descriptions(schema);
        self.pattern(schema, place);
        self.pending(schema, place);
        self.required(schema, place);
    }

    /// `items` with a list is `prefixItems`, and `additionalItems` what comes after. What
    /// `prefixItems` says beside them holds as well.
    fn tuples(&mut self, schema: &mut Map<String, Value>, place: &str) {
        let rest = schema.remove("additionalItems");
        if !matches!(member(schema, "items"), Some(Value::Array(_))) {
            if let Some(rest) = rest {
                self.set_aside(schema, place, "additionalItems", rest);
            }
            return;
        }
        self.second_tuple(schema, place);
        if let Some(Value::Array(prefix)) = schema.remove("items")
            && !prefix.is_empty()
        {
            let (from, to) = (place.child("items"), place.child("prefixItems"));
            for index in 0..prefix.len() {
                self.schemas_moved(&from.child(index), &to.child(index));
            }
            schema.insert("prefixItems".into(), prefix.into());
        }
        if let Some(rest) = rest {
            self.schemas_moved(&place.child("additionalItems"), &place.child("items"));
            schema.insert("items".into(), rest);
        }
    }

    /// Makes room for a list of `items`: `prefixItems` is a part of its own.
    fn second_tuple(&mut self, schema: &mut Map<String, Value>, place: &str) {
        // What is not a list is told where keywords are checked.
        let Some(Value::Array(prefix)) = member(schema, "prefixItems") else {
            return;
        };
        let count = prefix.len();
        let parts = schema
            .get("allOf")
            .map_or(Some(0), |parts| Some(parts.as_array()?.len()));
        let (Some(index), Some(prefix)) = (parts, schema.remove("prefixItems")) else {
            return;
        };
        let (from, to) = (
            place.child("prefixItems"),
            place.child("allOf").child(index).child("prefixItems"),
        );
        for index in 0..count {
            self.schemas_moved(&from.child(index), &to.child(index));
        }
        let parts = schema
            .entry("allOf")
            .or_insert_with(|| Value::Array(Vec::new()));
        if let Value::Array(parts) = parts {
            parts.push(json!({"prefixItems": prefix}));
        }
    }

    /// `dependencies` has become two keywords. What they say of the same name holds too.
    fn dependencies(&mut self, schema: &mut Map<String, Value>, place: &str) {
        let Some(Value::Object(dependencies)) = schema.remove("dependencies") else {
            return;
        };
        for (name, needs) in dependencies {
            let keyword = match needs {
                Value::Array(_) => "dependentRequired",
                _ => "dependentSchemas",
            };
            let all = schema.entry(keyword).or_insert_with(|| Map::new().into());
            let Value::Object(all) = all else {
                continue;
            };
            let from = place.child("dependencies").child(&name);
            let to = place.child(keyword).child(&name);
            match (all.get_mut(&name), needs) {
                (None, needs) => {
                    self.schemas_moved(&from, &to);
                    all.insert(name, needs);
                }
                (Some(Value::Array(known)), Value::Array(more)) => {
                    let mut seen: HashSet<Value> = known.iter().cloned().collect();
                    known.extend(
                        more.into_iter()
                            .filter(|needed| seen.insert(needed.clone())),
                    );
                }
                (Some(known), needs) => {
                    self.schemas_moved(&to, &to.child("allOf").child(0));
                    self.schemas_moved(&from, &to.child("allOf").child(1));
                    let both = [known.take(), needs];
                    *known = json!({"allOf": both});
                }
            }
        }
    }

    /// All types at once, in a list or as alternatives, allow any value.
    fn anything(&self, schema: &mut Map<String, Value>, place: &str) {
        if let Some(Value::Array(types)) = member(schema, "type")
            && covers_all(&types.iter().filter_map(Value::as_str).collect::<Vec<_>>())
        {
            schema.remove("type");
        }
        for keyword in ["oneOf", "anyOf"] {
            if let Some(Value::Array(alternatives)) = member(schema, keyword)
                && self.is_anything(keyword, alternatives)
                && !self.has_used_parts(place, keyword)
            {
                schema.remove(keyword);
            }
        }
    }

    /// Whether alternatives allow any value, and say nothing else of it.
    fn is_anything(&self, keyword: &str, alternatives: &[Value]) -> bool {
        // All items that an alternative evaluates are not left to `unevaluatedItems`.
        let evaluates = |schema: &Value| schema.get("items").is_some();
        if self.has_unevaluated_items && alternatives.iter().any(evaluates) {
            return false;
        }
        let types: Option<Vec<&str>> = alternatives.iter().map(bare_type).collect();
        types
            .is_some_and(|types| covers_all(&types) && (keyword == "anyOf" || are_distinct(&types)))
    }

    /// Names in `required` that stand there twice: once says as much, and validators that count
    /// names before they look at them take more amiss.
    fn required(&mut self, schema: &mut Map<String, Value>, place: &str) {
        let Some(Value::Array(names)) = schema.get_mut("required") else {
            return;
        };
        let (mut seen, mut told, mut twice) = (HashSet::new(), HashSet::new(), Vec::new());
        names.retain(|name| {
            let is_new = seen.insert(name.clone());
            if !is_new && told.insert(name.clone()) {
                twice.push(shortened(name));
            }
            is_new
        });
        if !twice.is_empty() {
            let message = format!(
                "names {} twice; each name is read once",
                listed(&twice, " and ")
            );
            self.note_read(place, "required", &message);
        }
    }

    /// `/^a$/` is a JavaScript literal: only what is between the slashes is the pattern.
    fn pattern(&mut self, schema: &mut Map<String, Value>, place: &str) {
        let Some(pattern) = member(schema, "pattern").and_then(Value::as_str) else {
            return;
        };
        let Some(literal) = PatternLiteral::read(pattern) else {
            return;
        };
        match literal {
            PatternLiteral::Source(source) => {
                let message = "is a JavaScript literal; it is read without its slashes";
                self.note_read(place, "pattern", message);
                schema.insert("pattern".into(), source.into());
            }
            PatternLiteral::Flags(flags) => {
                let message =
                    format!("the flags {flags:?} can't be kept; any string is accepted here");
                self.note(place, Some("pattern"), &message);
                schema.remove("pattern");
            }
            PatternLiteral::Invalid(source) => {
                let message = format!("{source:?} is not a regular expression; it is skipped");
                self.note(place, Some("pattern"), &message);
                schema.remove("pattern");
            }
        }
    }

    /// Removes unfinished properties that the editor left behind.
    fn pending(&mut self, schema: &mut Map<String, Value>, place: &str) {
        let is_pending = |property: &Value| property["x-tmp-pending-properties"] == true;
        let Some(Value::Object(properties)) = schema.get_mut("properties") else {
            return;
        };
        let pending: Vec<String> = properties
            .iter()
            .filter(|(_, property)| is_pending(property))
            .map(|(name, _)| name.clone())
            .collect();
        properties.retain(|_, property| !is_pending(property));
        for list in ["required", "x-apifox-orders"] {
            if let Some(Value::Array(names)) = schema.get_mut(list) {
                names.retain(|name| pending.iter().all(|other| name != other));
            }
        }
        for name in pending {
            self.note_unless_apifox(&place.child("properties"), &name, || {
                "x-tmp-pending-properties: the property is not finished; it is skipped".into()
            });
        }
    }
}

/// `exclusiveMinimum: true` makes `minimum` exclusive.
fn limits(schema: &mut Map<String, Value>) {
    for (exclusive, inclusive) in [
        ("exclusiveMinimum", "minimum"),
        ("exclusiveMaximum", "maximum"),
    ] {
        match member(schema, exclusive) {
            Some(Value::Bool(true)) => match schema.remove(inclusive) {
                Some(limit) => drop(schema.insert(exclusive.into(), limit)),
                None => drop(schema.remove(exclusive)),
            },
            Some(Value::Bool(false)) => drop(schema.remove(exclusive)),
            _ => {}
        }
    }
}

/// Whether no type is listed twice. `integer` beside `number` is how editors write any value as one
/// of all types, Apifox's for one, and it is read so.
fn are_distinct(types: &[&str]) -> bool {
    let mut seen = HashSet::new();
    types.iter().all(|name| seen.insert(name))
}

fn covers_all(types: &[&str]) -> bool {
    ALL_TYPES.iter().all(|each| types.contains(each))
}

/// The type of a schema that says nothing else, apart from empty `items`, `properties` and
/// `required` that the editor adds.
fn bare_type(schema: &Value) -> Option<&str> {
    let members = schema.as_object()?;
    let is_empty = |value: &Value| match value {
        Value::Object(members) => members.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    };
    let says_nothing = |(name, value): (&String, &Value)| {
        name == "type"
            || crate::schema::keywords::applies(name).is_none() && name != "nullable"
            || matches!(name.as_str(), "items" | "properties" | "required") && is_empty(value)
    };
    members
        .iter()
        .all(says_nothing)
        .then(|| members.get("type")?.as_str())?
}

/// `x-apifox.enumDescriptions` is the old way to write `x-apifox-enum`.
fn descriptions(schema: &mut Map<String, Value>) {
    let Some(Value::Object(old)) = schema.remove("x-apifox") else {
        return;
    };
    let Some(Value::Object(described)) = old.get("enumDescriptions") else {
        return;
    };
    let values = member(schema, "enum").and_then(Value::as_array);
    // The keys are texts, also for values that are not.
    let text = |value: &Value| {
        value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned)
    };
    let value = |key: &str| {
        let mut values = values.into_iter().flatten();
        let value = values.find(|value| text(value) == key);
        value.cloned().unwrap_or_else(|| key.into())
    };
    let entries: Vec<Value> = described
        .iter()
        .map(|(key, description)| json!({"value": value(key), "name": "", "description": description}))
        .collect();
    schema
        .entry("x-apifox-enum")
        .or_insert_with(|| entries.into());
}
