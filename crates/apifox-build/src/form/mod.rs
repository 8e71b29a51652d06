//! The forms that Apifox gives documents out in: one reader each.

mod apidog;
pub(crate) mod dialect;
mod item;
mod media;
pub(crate) mod openapi;
pub(crate) mod parameters;
pub(crate) mod project;
mod security;
mod unused;

pub(crate) use dialect::decoded;

use crate::api::Api;
use crate::problem::Problems;
use crate::source::Document;

/// Reads a document of any form. A strict reader leaves keywords with values
/// that they can't have as they are, to be refused; another repairs or drops
/// them, and notes it.
///
/// # Errors
///
/// That it is of none, or is not whole.
pub(crate) fn read(document: &Document, is_strict: bool) -> Result<Api, Problems> {
    match apidog::as_apifox(&document.json) {
        Some(json) => read_apifox(
            &Document {
                json,
                ..document.clone()
            },
            is_strict,
        ),
        None => read_apifox(document, is_strict),
    }
}

fn read_apifox(document: &Document, is_strict: bool) -> Result<Api, Problems> {
    if project::is_one(&document.json) {
        return Ok(project::read(document, is_strict));
    }
    if openapi::is_one(&document.json) {
        let mut api = openapi::read(document, is_strict)?;
        // A page is of one operation: its module is the document's.
        api.is_collection = !document.is_page || api.operations.len() > 1;
        return Ok(api);
    }
    item::read(document, is_strict)
}

/// Whether a JSON value is a document of some form, and no bare schema.
pub(crate) fn is_document(json: &serde_json::Value) -> bool {
    let is_item = json.get("path").is_some_and(serde_json::Value::is_string);
    is_item || project::is_one(json) || openapi::is_one(json)
}
