//! `1920x1080` or `1920*1080`: whichever the document accepts.

use inkstone::{Node, Operation};
use serde_json::Value;

use crate::request::document;

/// Changes the separator of the size at `pointer` if the document accepts only the other
/// one.
pub fn adapt(operation: &Operation, body: &mut Value, pointer: &str) {
    let Some(other) = body
        .pointer(pointer)
        .and_then(Value::as_str)
        .and_then(swapped)
    else {
        return;
    };
    let mut adapted = body.clone();
    if let Some(size) = adapted.pointer_mut(pointer) {
        *size = other.into();
    }
    let (given, other) = (
        broken_keywords(operation, body, pointer),
        broken_keywords(operation, &adapted, pointer),
    );
    // "Too large" is more helpful than "malformed", so a size that parses wins.
    let parses = |keywords: &[&str]| !keywords.contains(&"pattern");
    if other.is_empty() && !given.is_empty() || parses(&other) && !parses(&given) {
        *body = adapted;
    }
}

fn swapped(size: &str) -> Option<String> {
    if size.contains('x') {
        Some(size.replace('x', "*"))
    } else if size.contains('*') {
        Some(size.replace('*', "x"))
    } else {
        None
    }
}

/// The keywords that the value at `pointer` breaks.
fn broken_keywords(operation: &Operation, body: &Value, pointer: &str) -> Vec<&'static str> {
    let request = document::request(operation, body);
    let report = (operation.check_request)(&Node::from(&*request));
    let violations = report.violations().iter();
    let here =
        violations.filter(|violation| document::in_body(operation, &violation.pointer) == pointer);
    here.map(|violation| violation.keyword).collect()
}
