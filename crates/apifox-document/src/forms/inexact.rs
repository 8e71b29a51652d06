//! Numbers of a document that 64 bits or a double do not keep.

use std::collections::BTreeMap;

use apifox_runtime::is_kept;
use serde_json::Value;

use crate::document::Document;
use crate::pointer::JsonPointerExt as _;

impl Document {
    /// The numbers that 64 bits or a double do not keep: as they are written, by their place.
    #[must_use]
    pub fn inexact_numbers(&self) -> BTreeMap<String, String> {
        numbers(self)
    }
}

fn numbers(document: &Document) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut pending = vec![(String::new(), &document.json)];
    while let Some((pointer, value)) = pending.pop() {
        match value {
            Value::Array(items) => {
                let items = items.iter().enumerate();
                pending.extend(items.map(|(at, item)| (pointer.child(at), item)));
            }
            Value::Object(members) => {
                let members = members.iter();
                pending.extend(members.map(|(name, value)| (pointer.child(name), value)));
            }
            Value::Number(number) if number.is_f64() => {
                let text = document.texts.written(&document.file, &pointer);
                if let Some(text) = text.filter(|text| !is_kept(text)) {
                    let text = text.to_owned();
                    found.insert(pointer, text);
                }
            }
            _ => {}
        }
    }
    found
}
