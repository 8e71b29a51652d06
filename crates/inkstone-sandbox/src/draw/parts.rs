//! The schemas that one value has to follow, and what they say together.

use std::ptr;

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use crate::draw::drawer::{DEEP, Drawer};

/// How many schemas one value may have to follow.
const MOST_PARTS: usize = 200;

const TYPES: [&str; 7] = [
    "object", "array", "string", "integer", "number", "boolean", "null",
];

impl<'s> Drawer<'s> {
    /// All schemas that a value has to follow: references and `allOf` are followed, and of
    /// alternatives one is chosen. `None` where nothing follows them.
    pub fn parts(&mut self, schemas: &[&'s Value], depth: usize) -> Option<Vec<&'s Value>> {
        let mut pending: Vec<&Value> = schemas.iter().rev().copied().collect();
        let mut parts: Vec<&Value> = Vec::new();
        while let Some(schema) = pending.pop() {
            if *schema == Value::Bool(false) || parts.len() > MOST_PARTS {
                return None;
            }
            let is_known = parts.iter().any(|part| ptr::eq(*part, schema));
            if !schema.is_object() || is_known {
                continue;
            }
            parts.push(schema);
            if let Some(reference) = schema["$ref"].as_str() {
                pending.push(self.target(reference)?);
            }
            pending.extend(schema["allOf"].as_array().into_iter().flatten());
            for alternatives in ["anyOf", "oneOf"] {
                if let Some(branches) = schema[alternatives].as_array() {
                    pending.push(self.branch(branches, &parts, depth)?);
                }
            }
            self.condition(schema, &mut pending);
        }
        Some(parts)
    }

    fn target(&self, reference: &str) -> Option<&'s Value> {
        let pointer = reference.strip_prefix('#')?;
        let pointer = percent_decode_str(pointer).decode_utf8().ok()?;
        self.root.pointer(&pointer)
    }

    fn condition(&mut self, schema: &'s Value, pending: &mut Vec<&'s Value>) {
        let Some(condition) = schema.get("if") else {
            return;
        };
        match self.chance(50) {
            true => pending.extend([Some(condition), schema.get("then")].into_iter().flatten()),
            false => pending.extend(schema.get("else")),
        }
    }

    /// One of several alternatives: none that only allows null, if there are others, and at
    /// depth the simplest.
    fn branch(
        &mut self,
        branches: &'s [Value],
        parts: &[&Value],
        depth: usize,
    ) -> Option<&'s Value> {
        let types = allowed_types(parts);
        let fits = |branch: &&Value| {
            let own = allowed_types(&[*branch]);
            own.iter().any(|one| types.contains(one) && *one != "null")
        };
        let fitting: Vec<&Value> = branches.iter().filter(fits).collect();
        let all: Vec<&Value> = branches.iter().collect();
        match (fitting.is_empty(), depth >= DEEP) {
            (true, _) => self.pick(&all),
            (false, false) => self.pick(&fitting),
            (false, true) if self.chance(75) => all.into_iter().min_by_key(|branch| cost(branch)),
            (false, true) => self.pick(&all),
        }
    }

    /// The value where the schemas list those that there are: `Some(None)` where no value is
    /// in all of their lists.
    pub fn listed(&mut self, parts: &[&'s Value]) -> Option<Option<Value>> {
        let mut lists = parts.iter().filter_map(|part| {
            let constant = part.get("const").map(std::slice::from_ref);
            constant.or_else(|| part["enum"].as_array().map(Vec::as_slice))
        });
        let first = lists.next()?;
        let others: Vec<&[Value]> = lists.collect();
        let types = allowed_types(parts);
        let is_allowed = |value: &&Value| {
            let is_typed = types.iter().any(|kind| is_of(value, kind));
            is_typed && others.iter().all(|list| list.contains(value))
        };
        let mut values: Vec<&Value> = first.iter().filter(is_allowed).collect();
        if values.iter().any(|value| !value.is_null()) {
            values.retain(|value| !value.is_null());
        }
        Some(self.pick(&values).cloned())
    }

    /// An example or a default, where a schema has one.
    pub fn example(&mut self, parts: &[&'s Value]) -> Option<Value> {
        if !self.manner.with_examples {
            return None;
        }
        for part in parts {
            let examples = part["examples"].as_array();
            let examples = examples.into_iter().flatten().filter(|one| !one.is_null());
            let examples: Vec<&Value> = examples.collect();
            let single = ["example", "default"].map(|name| part.get(name));
            let single = single.into_iter().flatten().find(|one| !one.is_null());
            if let Some(found) = self.pick(&examples).or(single) {
                return Some(found.clone());
            }
        }
        None
    }

    /// The type of the value that is drawn: not null if there is another.
    pub fn kind(&mut self, parts: &[&'s Value]) -> Option<&'static str> {
        let mut types = allowed_types(parts);
        if types.len() > 1 {
            types.retain(|kind| *kind != "null");
        }
        let described: Vec<&'static str> = types
            .iter()
            .copied()
            .filter(|kind| parts.iter().any(|part| describes(part, kind)))
            .collect();
        if types.len() == TYPES.len() - 1 && described.is_empty() {
            return Some("string");
        }
        match described.is_empty() {
            true => self.pick(&types),
            false => self.pick(&described),
        }
    }
}

/// What the schemas say by a keyword that takes a number.
pub fn numbers(parts: &[&Value], keyword: &str) -> impl Iterator<Item = f64> {
    parts.iter().filter_map(move |part| part[keyword].as_f64())
}

/// The same of a keyword that counts.
pub fn counts(parts: &[&Value], keyword: &str) -> impl Iterator<Item = usize> {
    numbers(parts, keyword).map(|number| number as usize)
}

/// The names of the members that the schemas state, one schema after the other.
pub fn property_names<'s>(parts: &[&'s Value]) -> impl Iterator<Item = &'s String> {
    let named = parts
        .iter()
        .filter_map(|part| part["properties"].as_object());
    named.flat_map(Map::keys)
}

/// The types that all schemas allow.
pub fn allowed_types(parts: &[&Value]) -> Vec<&'static str> {
    let allows = |part: &Value, kind: &str| {
        let is_named = |name: &Value| name == kind || (name == "number" && kind == "integer");
        match &part["type"] {
            Value::Null => true,
            Value::Array(names) => names.iter().any(is_named),
            name => is_named(name),
        }
    };
    let is_allowed = |kind: &&str| parts.iter().all(|part| allows(part, kind));
    let mut types: Vec<&'static str> = TYPES.into_iter().filter(is_allowed).collect();
    // Every integer is a number: it is drawn as one only where that is what is asked for.
    if types.contains(&"number") && types.contains(&"integer") && types.len() < 6 {
        types.retain(|kind| *kind != "integer");
    }
    types
}

fn is_of(value: &Value, kind: &str) -> bool {
    match kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        _ => value.is_null(),
    }
}

/// Whether a schema says something of values of a type.
fn describes(part: &Value, kind: &str) -> bool {
    let keywords: &[&str] = match kind {
        "object" => &[
            "properties",
            "required",
            "additionalProperties",
            "patternProperties",
        ],
        "array" => &["items", "prefixItems", "minItems", "contains"],
        "string" => &["pattern", "minLength", "maxLength", "format"],
        "integer" | "number" => &["minimum", "maximum", "multipleOf", "exclusiveMinimum"],
        _ => &[],
    };
    keywords.iter().any(|keyword| part.get(keyword).is_some())
}

/// Roughly how much a schema asks for.
fn cost(schema: &Value) -> usize {
    let has = |name: &str| schema.get(name).is_some();
    let required = schema["required"].as_array().map_or(0, Vec::len);
    match () {
        () if has("const") || has("enum") || schema["type"] == "null" => 0,
        () if has("$ref") || has("allOf") || has("anyOf") || has("oneOf") => 10 + required,
        () if schema["type"] == "object" || has("properties") => 2 + required,
        () if schema["type"] == "array" => 2 + schema["minItems"].as_u64().unwrap_or(0) as usize,
        () => 1,
    }
}
