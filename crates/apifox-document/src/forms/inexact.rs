//! Numbers of a document that 64 bits or a double do not keep.

use std::collections::BTreeMap;

use apifox_runtime::is_kept;
use serde_json::Value;

use crate::document::Document;
use crate::pointer::push_step;

impl Document {
    /// The numbers that 64 bits or a double do not keep: as they are written, by their place.
    #[must_use]
    pub fn inexact_numbers(&self) -> BTreeMap<String, String> {
        numbers(self)
    }
}

fn numbers(document: &Document) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    add_numbers(document, &document.json, &mut String::new(), &mut found);
    found
}

/// Adds those in a value; `pointer` is its own, and stays as it is. Nesting is as deep as
/// parsing allows, and no deeper.
fn add_numbers(
    document: &Document,
    value: &Value,
    pointer: &mut String,
    found: &mut BTreeMap<String, String>,
) {
    let length = pointer.len();
    match value {
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                push_step(pointer, at);
                add_numbers(document, item, pointer, found);
                pointer.truncate(length);
            }
        }
        Value::Object(members) => {
            for (name, value) in members {
                push_step(pointer, name);
                add_numbers(document, value, pointer, found);
                pointer.truncate(length);
            }
        }
        Value::Number(number) if number.is_f64() => {
            let text = document.texts.written(&document.file, pointer);
            if let Some(text) = text.filter(|text| !is_kept(text)) {
                found.insert(pointer.clone(), text.to_owned());
            }
        }
        _ => {}
    }
}
