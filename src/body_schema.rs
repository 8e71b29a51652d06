//! What an operation's document says about the body of a request, as JSON Schema.

use apifox_runtime::Operation;
use serde_json::{Map, Value, json};

use crate::images::input::IMAGE_LIMITS;

/// The JSON Schema that an operation's document has for the body of a request; `None` if there
/// is none. That of a form is put together from its fields.
///
/// Where the operation has [parameters](Operation::parameters), the body is the member `body` of
/// a request.
#[must_use]
pub fn body_schema(operation: &Operation) -> Option<Value> {
    let mut document: Value = serde_json::from_str(operation.document).unwrap_or_default();
    let body = document.get_mut("requestBody")?;
    match body.get_mut("jsonSchema") {
        Some(schema) => Some(schema.take()),
        None => form_schema(body["parameters"].as_array()?),
    }
}

fn form_schema(fields: &[Value]) -> Option<Value> {
    if fields.is_empty() {
        return None;
    }
    let name = |field: &Value| field["name"].as_str().unwrap_or_default().to_owned();
    let properties = fields
        .iter()
        .map(|field| (name(field), field_schema(field)));
    let required = fields.iter().filter(|field| field["required"] == true);
    Some(json!({
        "type": "object",
        "properties": properties.collect::<Map<_, _>>(),
        "required": required.map(name).collect::<Vec<_>>(),
        "additionalProperties": false,
    }))
}

fn field_schema(field: &Value) -> Value {
    let mut schema = match field.get("schema") {
        Some(schema) => schema.clone(),
        None => json!({"type": field["type"]}),
    };
    // What is said of a picture stands beside the schema as well, for a file has none.
    if let (Some(limits), Value::Object(schema)) = (field.get(IMAGE_LIMITS), &mut schema) {
        schema.insert(IMAGE_LIMITS.to_owned(), limits.clone());
    }
    schema
}
