//! The places of schemas that a caller names, by a file and a JSON pointer in it, as in
//! `shop.json#/components/schemas/Pet`; and what is said of one that is not there.

use apifox_document::api::Api;
use apifox_document::diagnostics::{Diagnostic, closest};
use apifox_document::{Document, pointer};
use serde_json::Value;

/// The places in an API of what a caller names in its document, or in a file that this refers to.
pub(crate) fn places(document: &Document, api: &Api, named: &str) -> Vec<String> {
    let Some((file, place)) = named.split_once('#') else {
        return Vec::new();
    };
    let found = document.places(file, place).into_iter();
    found.map(|place| api.moves.current(&place)).collect()
}

/// Whether a file is a document, or one that the document refers to.
pub(crate) fn has_file(document: &Document, file: &str) -> bool {
    !document.places(file, "").is_empty()
}

/// The types that callers have for schemas of a document, by the places of these.
pub(crate) fn replaced<'s>(
    document: &Document,
    api: &Api,
    types: impl IntoIterator<Item = (&'s String, &'s String)>,
) -> Vec<(String, String)> {
    let replaced = types.into_iter().flat_map(|(named, path)| {
        let found = places(document, api, named).into_iter();
        found.map(move |place| (place, path.clone()))
    });
    replaced.collect()
}

/// The caller's type for the schema at a place; for requests it is the same.
pub(crate) fn type_for<'t>(types: &'t [(String, String)], place: &str) -> Option<&'t str> {
    let written = || pointer::written_place(place);
    let found = types.iter().find(|(known, _)| known == written());
    found.map(|(_, path)| path.as_str())
}

/// The diagnostic for a file and a JSON pointer in it, if nothing is there.
pub(crate) fn missing_schema(named: &str, documents: &[Document]) -> Option<Diagnostic> {
    let (file, place) = named.split_once('#').unwrap_or((named, ""));
    let is_schema = |document: &Document| {
        let found = document.places(file, place);
        let json = |place: &String| document.json.pointer(place);
        found.iter().filter_map(json).any(may_be_schema)
    };
    if named.contains('#') && documents.iter().any(is_schema) {
        return None;
    }
    let of_file = documents.iter().find(|document| has_file(document, file));
    Some(match of_file {
        Some(document) => no_place(document, file, place),
        None => no_file(named, file, documents.iter().map(|it| it.file.as_str())),
    })
}

fn may_be_schema(value: &Value) -> bool {
    value.is_object() || value.is_boolean()
}

fn no_place(document: &Document, file: &str, place: &str) -> Diagnostic {
    let help = match document.closest_place(file, place) {
        Some(closest) => format!("there is #{closest}"),
        None => "name a schema by its JSON pointer".to_owned(),
    };
    let message = format!("has no schema at #{place}");
    Diagnostic::new(file, "", message, help)
}

/// The diagnostic for what is `named` in a file that does not exist; those exist.
pub(crate) fn no_file<'f>(
    named: &str,
    file: &str,
    files: impl Iterator<Item = &'f str>,
) -> Diagnostic {
    let help = match closest(file, files) {
        Some(closest) => format!("a document is called {closest}"),
        None => "name a file below the directory, and a JSON pointer in it".to_owned(),
    };
    Diagnostic::new(named, "", "does not exist", help)
}
