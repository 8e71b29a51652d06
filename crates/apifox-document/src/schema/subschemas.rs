//! The one walk over the subschemas of a schema.

use serde_json::{Map, Value};

use super::keywords::{Form, keyword};
use crate::pointer::{JsonPointerExt as _, PointerStep, push_step};

/// A value where a keyword holds a schema. Whether it is a schema is not checked.
#[derive(Clone, Debug)]
pub struct Subschema<'d> {
    /// The keyword that holds it.
    pub keyword: &'d str,
    /// The pointer to it from the schema with the keyword.
    pub pointer: String,
    /// The value.
    pub value: &'d Value,
}

/// The subschemas of a schema, in its order.
pub fn subschemas(schema: &Map<String, Value>) -> impl Iterator<Item = Subschema<'_>> {
    let members = schema.iter();
    members.flat_map(|(name, value)| subschemas_of_keyword(name, value))
}

/// The subschemas in the value of the keyword `name`.
pub fn subschemas_of_keyword<'d>(
    name: &'d str,
    value: &'d Value,
) -> impl Iterator<Item = Subschema<'d>> {
    let own = || "".child(name);
    let subschema = |pointer: String, value: &'d Value| Subschema {
        keyword: name,
        pointer,
        value,
    };
    let within: Vec<Subschema<'d>> = match (held(name, value), value) {
        (Held::Itself, value) => vec![subschema(own(), value)],
        (Held::Within, Value::Array(items)) => {
            let own = own();
            let items = items.iter().enumerate();
            items
                .map(|(index, item)| subschema(own.child(index), item))
                .collect()
        }
        (Held::Within, Value::Object(named)) => {
            let own = own();
            let named = named.iter().filter(|(_, inner)| is_held(name, inner));
            named
                .map(|(step, inner)| subschema(own.child(step), inner))
                .collect()
        }
        _ => Vec::new(),
    };
    within.into_iter()
}

/// Calls `visit` with each subschema and the pointer to it from the schema.
pub fn visit_subschemas_mut(
    schema: &mut Map<String, Value>,
    mut visit: impl FnMut(&str, &mut Value),
) {
    let mut pointer = String::new();
    for (name, value) in schema.iter_mut() {
        let held = held(name, value);
        if held == Held::Nothing {
            continue;
        }
        pointer.clear();
        push_step(&mut pointer, name);
        let length = pointer.len();
        let mut visit_at = |step: &dyn PointerStep, inner: &mut Value| {
            push_step(&mut pointer, step);
            visit(&pointer, inner);
            pointer.truncate(length);
        };
        match (held, value) {
            (Held::Itself, value) => visit(&pointer, value),
            (_, Value::Array(items)) => {
                let items = items.iter_mut().enumerate();
                items.for_each(|(index, item)| visit_at(&index, item));
            }
            (_, Value::Object(named)) => {
                let named = named.iter_mut().filter(|(_, inner)| is_held(name, inner));
                named.for_each(|(step, inner)| visit_at(step, inner));
            }
            _ => {}
        }
    }
}

/// Where the schemas in a keyword's value are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Held {
    Nothing,
    /// The value is one.
    Itself,
    /// Its items or its members are some.
    Within,
}

fn held(name: &str, value: &Value) -> Held {
    use Form::{Dependencies, NamedSchemas, Schema, SchemaOrSchemas, Schemas};
    match (keyword(name).map(|known| known.form), value) {
        (Some(Schemas | SchemaOrSchemas), Value::Array(_))
        | (Some(NamedSchemas | Dependencies), Value::Object(_)) => Held::Within,
        (Some(Schema | SchemaOrSchemas), Value::Object(_) | Value::Bool(_)) => Held::Itself,
        _ => Held::Nothing,
    }
}

/// Whether a member of the value of `keyword` is a schema: an array in `dependencies` lists the
/// names of members.
fn is_held(keyword: &str, member: &Value) -> bool {
    keyword != "dependencies" || !member.is_array()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{subschemas, visit_subschemas_mut};

    #[test]
    fn every_form_of_keyword_is_walked() {
        let mut schema = json!({
            "not": {}, "if": true, "items": [{}, false], "allOf": [{}],
            "properties": {"a/b": {}, "c": 1}, "dependencies": {"d": ["e"], "f": {}},
            "additionalProperties": "none", "enum": [{}], "unknown": {}
        });
        let expected = [
            "/not",
            "/if",
            "/items/0",
            "/items/1",
            "/allOf/0",
            "/properties/a~1b",
            "/properties/c",
            "/dependencies/f",
        ];
        let schema = schema.as_object_mut().unwrap();
        let found: Vec<String> = subschemas(schema).map(|found| found.pointer).collect();
        assert_eq!(found, expected);
        let mut visited = Vec::new();
        visit_subschemas_mut(schema, |pointer, _| visited.push(pointer.to_owned()));
        assert_eq!(visited, expected);
    }
}
