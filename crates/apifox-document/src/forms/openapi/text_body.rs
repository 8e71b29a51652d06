//! Bodies that are text, or values one after the other: which schemas say something of them.

use serde_json::Value;

use super::reader::Reader;
use crate::api::Sequence;
use crate::forms::path_item::resolve_refs;
use crate::pointer::JsonPointerExt as _;

/// What is wrong with a schema that says nothing of a text, or of a sequence.
const HELP: &str = "describe the text, as a string, by a correction of the document";

impl Reader<'_> {
    /// The place of the schema at `place`, if it says something of a text. A text can be a
    /// string, a number or a boolean; how an array or an object would be written in it, no
    /// version of OpenAPI says.
    pub(super) fn text_schema(&mut self, place: &str, media: &str) -> Option<String> {
        match self.at(place) {
            Value::Object(members) if !members.is_empty() => {}
            Value::Bool(false) => return Some(place.to_owned()),
            _ => return None,
        }
        if self.is_composite(place) {
            let message =
                format!("is not checked: OpenAPI does not say how it is written as {media}");
            self.note(place, message, HELP);
            return None;
        }
        Some(place.to_owned())
    }

    /// The schema of the values of the media type at `place`; `None` where it is of the text
    /// as a whole.
    pub(super) fn sequence(&mut self, place: &str) -> Option<Sequence> {
        let is_schema = |schema: &Value| schema.is_object() || schema.is_boolean();
        let (all, each) = (place.child("schema"), place.child("itemSchema"));
        if is_schema(self.at(&each)) {
            if is_schema(self.at(&all)) {
                self.note(&all, "is not checked beside `itemSchema`", HELP);
            }
            return Some(Sequence::Each(each));
        }
        if !is_schema(self.at(&all)) {
            return None;
        }
        match self.types(&all) {
            types if types == ["string"] => None,
            types if types == ["array"] => Some(Sequence::All(all)),
            _ => Some(Sequence::Each(all)),
        }
    }

    /// Whether a schema accepts nothing but arrays and objects.
    fn is_composite(&self, place: &str) -> bool {
        let types = self.types(place);
        !types.is_empty() && types.iter().all(|kind| matches!(*kind, "array" | "object"))
    }

    /// The types that a schema names, or that its keywords are about.
    pub(super) fn types(&self, place: &str) -> Vec<&str> {
        let Some(place) = resolve_refs(&self.json, place) else {
            return Vec::new();
        };
        let schema = self.at(&place);
        match &schema["type"] {
            Value::String(only) => vec![only],
            Value::Array(types) => types.iter().filter_map(Value::as_str).collect(),
            _ if schema.get("properties").is_some() => vec!["object"],
            _ if schema.get("items").is_some() => vec!["array"],
            _ => Vec::new(),
        }
    }
}
