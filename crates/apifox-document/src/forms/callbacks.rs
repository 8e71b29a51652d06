//! The callbacks of a document of Apifox as it is written.

use std::borrow::Cow;

use serde_json::Value;

use super::form::Form;
use super::incoming::read_text;
use super::project;
use crate::pointer::{JsonPointerExt as _, JsonValueExt as _};

/// A document as it is written, but with what the texts of its callbacks say in their place, so
/// that references in them are found; a text that is no object in JSON stays.
#[must_use]
pub fn with_callbacks(json: &Value) -> Cow<'_, Value> {
    let endpoints = match Form::of(json) {
        Form::Project => {
            let items = project::operations(json).into_iter();
            items.map(|item| item.holds).collect()
        }
        Form::Endpoint => vec![String::new()],
        _ => Vec::new(),
    };
    let places = endpoints.iter().map(|endpoint| endpoint.child("callbacks"));
    let mut written = Cow::Borrowed(json);
    for place in places.filter(|place| json.value_at(place).is_some_and(Value::is_string)) {
        if let Some(callbacks) = written.to_mut().pointer_mut(&place) {
            read_text(callbacks);
        }
    }
    written
}
