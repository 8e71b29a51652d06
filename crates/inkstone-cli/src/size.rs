//! `1920x1080` or `1920*1080`: whichever the document takes.

use inkstone::{Node, Operation};
use serde_json::Value;

use crate::document;

/// Writes the size at `pointer` with the other separator where the document
/// takes that one and not the given one.
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
        objections(operation, body, pointer),
        objections(operation, &adapted, pointer),
    );
    // A form that is read and found too large says more than one that isn't read.
    let is_read = |objections: &[&str]| !objections.contains(&"pattern");
    if other.is_empty() && !given.is_empty() || is_read(&other) && !is_read(&given) {
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

/// The rules that the value at `pointer` breaks.
fn objections(operation: &Operation, body: &Value, pointer: &str) -> Vec<&'static str> {
    let request = document::request(operation, body);
    let report = (operation.check_request)(&Node::from(&*request));
    let violations = report.violations().iter();
    let here = violations.filter(|it| document::in_body(operation, &it.pointer) == pointer);
    here.map(|it| it.keyword).collect()
}
