//! Numbers of a document that 64 bits or a double do not keep.

use std::collections::BTreeMap;

use apifox_runtime::is_kept;

use crate::document::Document;
use crate::pointer::walk;

impl Document {
    /// The numbers that 64 bits or a double do not keep: as they are written, by their place.
    #[must_use]
    pub fn inexact_numbers(&self) -> BTreeMap<String, String> {
        numbers(self)
    }
}

fn numbers(document: &Document) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    walk(&document.json, &mut |place, value| {
        if value.is_f64() {
            let pointer = place.pointer();
            let text = document.texts.written(&document.file, &pointer);
            let text = text.filter(|text| !is_kept(text));
            found.extend(text.map(|text| (pointer, text.to_owned())));
        }
        true
    });
    found
}
