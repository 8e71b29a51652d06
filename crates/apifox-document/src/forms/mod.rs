//! The forms in which Apifox publishes documents, with a reader for each.

mod apidog;
pub mod dialect;
mod item;
mod media;
pub mod openapi;
pub mod parameters;
mod path_item;
pub mod project;
mod security;
mod unsupported;

use crate::api::Api;
use crate::diagnostics::Diagnostics;
use crate::document::{Document, no_document};

/// Reads a document of any form. With `is_strict`, keywords with invalid values stay as they
/// are, so that validation refuses them; otherwise they are repaired or skipped, and noted.
///
/// # Errors
///
/// That it has no known form, or is incomplete.
pub fn read(document: &Document, is_strict: bool) -> Result<Api, Diagnostics> {
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

fn read_apifox(document: &Document, is_strict: bool) -> Result<Api, Diagnostics> {
    if project::is_project(&document.json) {
        return Ok(project::read(document, is_strict));
    }
    if openapi::is_openapi(&document.json) {
        let mut api = openapi::read(document, is_strict)?;
        // A page is of one operation: its module is the document's.
        api.is_collection = !document.is_page || api.operations.len() > 1;
        return Ok(api);
    }
    item::read(document, is_strict)
}

impl Document {
    /// How many operations it describes; none for the body of an API's errors.
    ///
    /// # Errors
    ///
    /// That it has none of the forms in which Apifox publishes documents.
    pub fn operations(&self) -> Result<usize, Diagnostics> {
        let is_error_body = self.json.get("jsonSchema").is_some();
        if !is_document(&self.json) && !is_error_body {
            return Err(no_document(&self.file).into());
        }
        let api = read(self, false).map_err(|diagnostics| diagnostics.at(&self.texts))?;
        Ok(api.operations.len())
    }
}

/// Whether a JSON value is a document of some form, and not a bare schema.
pub fn is_document(json: &serde_json::Value) -> bool {
    has_path(json) || project::is_project(json) || openapi::is_openapi(json)
}

/// Whether a document is one operation, or the body of errors, in Apifox's own form.
pub(crate) fn is_item(json: &serde_json::Value) -> bool {
    let is_own = has_path(json) || json.get("jsonSchema").is_some();
    is_own && !project::is_project(json) && !openapi::is_openapi(json)
}

fn has_path(json: &serde_json::Value) -> bool {
    json.get("path").is_some_and(serde_json::Value::is_string)
}
