//! The one walk over the subschemas of a schema.

use serde_json::{Map, Value};

use super::keywords::{Form, keyword};
use crate::pointer::{JsonPointerExt as _, JsonValueExt as _};

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
    steps(name, value).into_iter().filter_map(move |step| {
        Some(Subschema {
            keyword: name,
            value: value.value_at(&step)?,
            pointer: format!("{}{step}", "".child(name)),
        })
    })
}

/// Calls `visit` with each subschema and the pointer to it from the schema.
pub fn visit_subschemas_mut(
    schema: &mut Map<String, Value>,
    mut visit: impl FnMut(&str, &mut Value),
) {
    for (name, value) in schema.iter_mut() {
        for step in steps(name, value) {
            if let Some(subschema) = value.pointer_mut(&step) {
                visit(&format!("{}{step}", "".child(name)), subschema);
            }
        }
    }
}

/// The pointers from a keyword's value to the schemas in it.
fn steps(name: &str, value: &Value) -> Vec<String> {
    match (keyword(name).map(|known| known.form), value) {
        (Some(Form::Schemas | Form::SchemaOrSchemas), Value::Array(items)) => {
            (0..items.len()).map(|index| "".child(index)).collect()
        }
        (Some(Form::NamedSchemas), Value::Object(named)) => {
            named.keys().map(|name| "".child(name)).collect()
        }
        // An array here lists the names of members, and is not a schema.
        (Some(Form::Dependencies), Value::Object(named)) => {
            let schemas = named.iter().filter(|(_, value)| !value.is_array());
            schemas.map(|(name, _)| "".child(name)).collect()
        }
        (Some(Form::Schema | Form::SchemaOrSchemas), Value::Object(_) | Value::Bool(_)) => {
            vec![String::new()]
        }
        _ => Vec::new(),
    }
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
