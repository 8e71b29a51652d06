//! What the document of an operation says about its request.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use apifox_document::pointer::decoded;
use apifox_runtime::Report;
use inkstone::{Node, Operation, body_schema};
use serde_json::{Map, Value, json};

/// How many references are followed in a row, and how deep schemas nest; a schema that
/// goes deeper refers to itself.
pub const DEEPEST: usize = 16;

/// How an operation is called, as in `gateway/qwen-image`.
pub fn title(operation: &Operation) -> String {
    format!("{}/{}", operation.api, operation.name)
}

/// The schema of a request's body; null if there is none.
///
/// Each is read once: a batch asks for them with every line.
pub fn request_schema(operation: &Operation) -> Arc<Value> {
    static READ: Mutex<BTreeMap<(&str, &str), Arc<Value>>> = Mutex::new(BTreeMap::new());
    // Nothing panics while it holds the lock.
    let mut read = READ.lock().unwrap_or_else(PoisonError::into_inner);
    let schema = read.entry((operation.api, operation.name));
    schema
        .or_insert_with(|| Arc::new(body_schema(operation).unwrap_or_default()))
        .clone()
}

/// The request that has `body`: with parameters, the body is one of its members.
pub fn request<'a>(operation: &Operation, body: &'a Value) -> Cow<'a, Value> {
    match operation.parameters {
        Some(_) => Cow::Owned(json!({"body": body})),
        None => Cow::Borrowed(body),
    }
}

/// The same of a tree.
pub fn request_node<'b, 'a>(operation: &Operation, body: &'b Node<'a>) -> Cow<'b, Node<'a>> {
    match operation.parameters {
        Some(_) => Cow::Owned(Node::Object(vec![("body".into(), body.clone())])),
        None => Cow::Borrowed(body),
    }
}

/// What the document says of the request that has `body`.
pub fn check(operation: &Operation, body: &Node<'_>) -> Report {
    (operation.check_request)(&request_node(operation, body))
}

/// The keywords that the value at `pointer` in a body breaks.
pub fn broken_keywords(operation: &Operation, body: &Value, pointer: &str) -> Vec<&'static str> {
    let report = check(operation, &Node::from(body));
    let violations = report.violations().iter();
    let here = violations.filter(|violation| in_body(operation, &violation.pointer) == pointer);
    here.map(|violation| violation.keyword).collect()
}

/// A pointer into a request, as a pointer into its body.
pub fn in_body<'a>(operation: &Operation, pointer: &'a str) -> &'a str {
    match operation.parameters {
        Some(_) => pointer.strip_prefix("/body").unwrap_or(pointer),
        None => pointer,
    }
}

/// The keywords of `schema`, with those of the schemas that it refers to.
pub fn resolve(root: &Value, schema: &Value) -> Map<String, Value> {
    let mut keywords = Map::new();
    let mut next = Some(schema);
    for _ in 0..DEEPEST {
        let Some(Value::Object(schema)) = next else {
            break;
        };
        for (keyword, value) in schema {
            if keyword != "$ref" && !keywords.contains_key(keyword) {
                keywords.insert(keyword.clone(), value.clone());
            }
        }
        next = referred(root, schema);
    }
    keywords
}

/// One keyword of `schema`, or of a schema that it refers to.
pub fn keyword<'a>(root: &'a Value, schema: &'a Value, name: &str) -> Option<&'a Value> {
    let mut next = Some(schema);
    for _ in 0..DEEPEST {
        let schema = next?.as_object()?;
        if let Some(value) = schema.get(name) {
            return Some(value);
        }
        next = referred(root, schema);
    }
    None
}

/// The schema that another one refers to.
fn referred<'a>(root: &'a Value, schema: &Map<String, Value>) -> Option<&'a Value> {
    let pointer = schema.get("$ref")?.as_str()?.strip_prefix('#')?;
    root.pointer(&decoded(pointer))
}

/// The names in a keyword `required`.
pub fn required(keywords: &Map<String, Value>) -> Vec<&str> {
    let names = keywords.get("required").and_then(Value::as_array);
    names
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect()
}

/// The named schemas in a keyword `properties`.
pub fn properties(keywords: &Map<String, Value>) -> impl Iterator<Item = (&String, &Value)> {
    let properties = keywords.get("properties").and_then(Value::as_object);
    properties.into_iter().flatten()
}
