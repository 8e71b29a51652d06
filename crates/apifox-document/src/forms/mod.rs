//! The forms in which Apifox publishes documents, with a reader for each.

mod apidog;
mod callbacks;
pub mod dialect;
mod files;
pub(crate) mod foreign;
mod form;
mod incoming;
mod inexact;
mod item;
pub(crate) mod media;
pub mod openapi;
pub mod parameters;
pub(crate) mod path_item;
pub mod project;
mod response_components;
mod security;
pub(crate) mod swagger;

use crate::api::Api;
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::document::{Document, no_document};
use crate::members;
use crate::schema::extensions;

pub use self::callbacks::with_callbacks;
pub use self::form::Form;

/// Reads a document of any form. With `is_strict`, keywords with invalid values stay as they
/// are, so that validation refuses them; otherwise they are repaired or skipped, and noted.
///
/// # Errors
///
/// That it has no known form, is incomplete, or is OpenAPI that does not say its version.
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
    let mut api = match document.form() {
        Form::Project => project::read(document, is_strict),
        Form::OpenApi | Form::Swagger => {
            let mut api = openapi::read(document, is_strict)?;
            // A page is of one operation: its module is the document's.
            api.is_collection = !document.is_page || api.operations.len() > 1;
            api
        }
        Form::Unversioned => return Err(openapi::unversioned(&document.file).into()),
        Form::Foreign => return Err(foreign::refusal(document).into()),
        Form::Endpoint | Form::Response | Form::Schema => item::read(document, is_strict)?,
    };
    api.inexact = document.inexact_numbers();
    api.skipped.extend(extensions::misspelt(document));
    report_members(document, &mut api);
    Ok(api)
}

/// Adds what the table of members says is skipped, and what each diagnostic is about.
fn report_members(document: &Document, api: &mut Api) {
    let Some(root) = document.form().root() else {
        return;
    };
    let (wrong, unsupported) = members::report(&document.file, &document.json, root);
    // What is wrong in a document of Swagger was reported as it is written.
    if !document.is_translated() {
        api.skipped.extend(wrong);
    }
    api.unsupported.extend(unsupported);
    for diagnostic in api.skipped.iter_mut().chain(&mut api.unsupported) {
        let subject = members::subject(&document.json, root, &diagnostic.pointer);
        diagnostic.subject = subject;
    }
}

impl Api {
    /// All that was skipped of the document that this was read from, where it is written.
    #[must_use]
    pub fn all_skipped(&self, document: &Document) -> Vec<Diagnostic> {
        let all = document.faults.iter().chain(&self.skipped);
        Diagnostics(all.cloned().collect()).at(&document.texts).0
    }

    /// What was omitted of the document and its file, which could have been its operations.
    #[must_use]
    pub fn omitted_parts(&self, document: &Document) -> Vec<Diagnostic> {
        let mut all = self.all_skipped(document);
        all.retain(|diagnostic| diagnostic.omission.is_some());
        all
    }

    /// That the document describes no operation, and what was omitted of it.
    #[must_use]
    pub fn no_operation(&self, document: &Document) -> Diagnostics {
        let omitted = self.omitted_parts(document);
        let help = match omitted.is_empty() {
            true => "give a document with an operation",
            false => "correct what is omitted",
        };
        let none = Diagnostic::new(&document.file, "", "describes no operation", help);
        Diagnostics([vec![none], omitted].concat()).at(&document.texts)
    }
}

impl Document {
    /// Whether it is written in Swagger 2.0, and was translated to OpenAPI 3.0.
    #[must_use]
    pub fn is_translated(&self) -> bool {
        self.texts.original(&self.file, "/openapi").1 == "/swagger"
    }

    /// How many operations it describes; none for the body of an API's errors.
    ///
    /// # Errors
    ///
    /// That it has none of the forms in which Apifox publishes documents.
    pub fn operations(&self) -> Result<usize, Diagnostics> {
        if self.form() == Form::Schema {
            return Err(no_document(&self.file).into());
        }
        let api = read(self, false).map_err(|diagnostics| diagnostics.at(&self.texts))?;
        Ok(api.operations.len())
    }
}
