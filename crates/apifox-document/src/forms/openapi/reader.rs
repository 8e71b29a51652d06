//! What the readers of an OpenAPI document share.

use std::collections::{BTreeSet, HashSet};

use apifox_runtime::Style;
use serde_json::{Value, json};

use crate::diagnostics::Diagnostic;
use crate::document::Document;
use crate::forms::dialect::SchemaVersion;
use crate::forms::path_item::resolve_refs;
use crate::pointer::JsonValueExt as _;

/// Reads the operations of a document.
pub(super) struct Reader<'d> {
    file: &'d str,
    /// What its schemas and forms are written in.
    pub version: SchemaVersion,
    /// Whether it was translated from an older version, which tells of lists in lists itself.
    pub is_translated: bool,
    /// The document; schemas are put in where it has none.
    pub json: Value,
    /// What is correct, but not supported.
    pub unsupported: Vec<Diagnostic>,
    /// What tells each of `unsupported` from others: what operations share is read many times.
    told: BTreeSet<String>,
    /// The schemas of parameters that were looked into for what their style can't write.
    pub written: HashSet<(String, Style)>,
}

impl<'d> Reader<'d> {
    pub fn new(document: &'d Document, json: Value) -> Self {
        Self {
            file: &document.file,
            version: SchemaVersion::of_openapi(document),
            is_translated: document.is_translated(),
            json,
            unsupported: Vec::new(),
            told: BTreeSet::new(),
            written: HashSet::new(),
        }
    }

    /// Notes, once, what is not supported at `place`.
    pub fn note(&mut self, place: &str, message: impl Into<String>, help: &str) {
        self.note_once(place, None, message.into(), help);
    }

    /// Notes, once, that a keyword of the schema at `place` is not supported.
    pub fn note_keyword(&mut self, place: &str, keyword: &str, message: &str, help: &str) {
        self.note_once(place, Some(keyword), message.to_owned(), help);
    }

    fn note_once(&mut self, place: &str, keyword: Option<&str>, message: String, help: &str) {
        let diagnostic = Diagnostic::new(self.file, place, message, help).with_keyword(keyword);
        if self.told.insert(id(&diagnostic)) {
            self.unsupported.push(diagnostic);
        }
    }

    /// Takes back what was noted since there were `count` notes.
    pub fn take_back(&mut self, count: usize) {
        for diagnostic in self.unsupported.drain(count.min(self.unsupported.len())..) {
            self.told.remove(&id(&diagnostic));
        }
    }

    /// What stands at `place`; `null` where nothing does.
    pub fn at(&self, place: &str) -> &Value {
        self.json.value_at(place).unwrap_or(&Value::Null)
    }

    /// Where the media type at `place` is described, which may refer to one elsewhere.
    pub fn media_type(&self, place: String) -> String {
        resolve_refs(&self.json, &place).unwrap_or(place)
    }

    /// Puts `schema` at `place`, unless a schema is there already.
    pub fn insert_missing_schema(&mut self, place: &str, schema: Value) {
        let Some((around, last)) = place.rsplit_once('/') else {
            return;
        };
        let Some(around) = self.json.pointer_mut(around) else {
            return;
        };
        // In YAML a media type without a value is null.
        if !around.is_object() {
            *around = json!({});
        }
        let there = &mut around[last];
        if !there.is_object() && !there.is_boolean() {
            *there = schema;
        }
    }
}

/// What tells one note from another: its place, keyword and message, in three lines.
fn id(diagnostic: &Diagnostic) -> String {
    let Diagnostic {
        pointer,
        keyword,
        message,
        ..
    } = diagnostic;
    let keyword = keyword.as_deref().unwrap_or_default();
    format!("{pointer}\n{keyword}\n{message}")
}
