//! The schemas of what tools take: for orders, those of the documents.

use std::collections::BTreeSet;

use inkstone::{Operation, answers_with_task};
use serde_json::{Map, Value, json};

use crate::mcp::tool_name::ToolName;
use crate::orders::targets::Targets;
use crate::request::choose_operation;
use crate::request::document;
use crate::request::words::taken::takes_pictures;

/// Where the schemas of requests stand in that of a tool.
const REQUEST: &str = "/properties/request/anyOf";

/// The longest `call_id`, in characters.
pub const LONGEST_ID: usize = 200;

/// How deep schemas nest that are rewritten; those of the documents don't come near.
const DEEPEST: usize = 128;

/// The schema of an object with these members.
pub fn object(required: &[&str], properties: Value) -> Map<String, Value> {
    let mut schema = Map::new();
    schema.insert("type".to_owned(), "object".into());
    schema.insert("properties".to_owned(), properties);
    if !required.is_empty() {
        schema.insert("required".to_owned(), json!(required));
    }
    schema.insert("additionalProperties".to_owned(), false.into());
    schema
}

/// The schema of an order: any of the documents whose models the tool can use.
pub fn order(name: ToolName, targets: &Targets) -> Map<String, Value> {
    let operations = operations(name, targets);
    let schemas: Vec<Value> = operations
        .iter()
        .enumerate()
        .map(|(index, operation)| embedded(operation, index))
        .collect();
    let request = json!({
        "description": "The request's body, as the API takes it.",
        "type": "object",
        "anyOf": schemas,
    });
    let call_id = json!({
        "type": "string", "minLength": 1, "maxLength": LONGEST_ID,
        "description": "An id of this order, of your choice: a call that is repeated with the \
            same id gets the first one's pictures and is not billed again.",
    });
    object(
        &["request", "call_id"],
        json!({"request": request, "call_id": call_id}),
    )
}

/// The operations that a tool chooses from, without those whose models all others have.
pub fn operations(name: ToolName, targets: &Targets) -> Vec<&'static Operation> {
    let mut found: Vec<&Operation> = Vec::new();
    let mut known = BTreeSet::new();
    let reached = choose_operation::by_preference()
        .into_iter()
        .filter(|operation| targets.has(operation.api) && is_for(name, operation));
    for operation in reached {
        let new: Vec<_> = operation
            .models
            .iter()
            .filter(|model| known.insert(**model))
            .collect();
        if !new.is_empty() {
            found.push(operation);
        }
    }
    found
}

/// Whether a tool uses an operation.
pub fn is_for(name: ToolName, operation: &Operation) -> bool {
    let schema = document::request_schema(operation);
    if operation.models.is_empty() || schema.is_null() {
        return false;
    }
    let is_task = answers_with_task(operation);
    match name {
        ToolName::Submit => is_task,
        ToolName::Edit => !is_task && takes_pictures(operation),
        ToolName::Generate => !is_task && !needs_pictures(&schema),
        _ => true,
    }
}

/// Whether requests have to have pictures.
fn needs_pictures(schema: &Value) -> bool {
    let required = schema["required"].as_array();
    required.is_some_and(|names| names.contains(&json!("image")))
}

/// The schema of a document, as one of those that a request may have.
fn embedded(operation: &Operation, index: usize) -> Value {
    let mut schema = (*document::request_schema(operation)).clone();
    rewrite(&mut schema, &format!("#{REQUEST}/{index}"), DEEPEST);
    if let Value::Object(members) = &mut schema {
        let title = document::title(operation);
        members.insert("title".to_owned(), title.into());
    }
    // A document may say in prose alone which models it is for.
    if let Some(Value::Object(model)) = schema.pointer_mut("/properties/model") {
        let is_said = model.contains_key("const") || model.contains_key("$ref");
        if !is_said && !model.contains_key("enum") {
            model.insert("enum".to_owned(), json!(operation.models));
        }
    }
    schema
}

/// Has references to the document's own schema lead to where it stands now, and removes what
/// is for an editor.
fn rewrite(schema: &mut Value, base: &str, depth: usize) {
    let Some(depth) = depth.checked_sub(1) else {
        return;
    };
    match schema {
        Value::Object(members) => {
            members.retain(|name, _| !name.starts_with("x-apifox-"));
            for (name, value) in members.iter_mut() {
                match value {
                    Value::String(uri) if name == "$ref" => {
                        if let Some(pointer) = uri.strip_prefix('#') {
                            *uri = format!("{base}{pointer}");
                        }
                    }
                    // A file of a form is a data URI in JSON.
                    Value::String(kind) if name == "type" && kind == "file" => {
                        *kind = "string".to_owned();
                    }
                    value => rewrite(value, base, depth),
                }
            }
        }
        Value::Array(items) => {
            for item in items {
                rewrite(item, base, depth);
            }
        }
        _ => {}
    }
}
