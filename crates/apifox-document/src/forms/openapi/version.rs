//! The version of OpenAPI that a document is written in.

use serde_json::Value;

use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::document::Document;
use crate::forms::dialect::is_2020_12;
use crate::version::{OpenApiVersion, written};

/// Members that only OpenAPI has.
const SECTIONS: [&str; 3] = ["components", "info", "webhooks"];

/// Whether a document looks like OpenAPI but does not say its version: as a JSON Schema it would
/// accept anything.
pub(crate) fn is_unversioned(json: &Value) -> bool {
    let Value::Object(members) = json else {
        return false;
    };
    let is_known = [
        "openapi",
        "swagger",
        "$schema",
        "type",
        "properties",
        "path",
        "jsonSchema",
    ]
    .iter()
    .any(|name| members.contains_key(*name));
    let paths = members.get("paths").and_then(Value::as_object);
    let are_paths = paths.is_some_and(|paths| {
        !paths.is_empty()
            && paths
                .keys()
                .all(|path| path.starts_with('/') || path.starts_with("x-"))
    });
    let sections = SECTIONS.iter().filter(|name| members.contains_key(**name));
    !is_known && (are_paths || sections.count() > 1)
}

/// That a document looks like OpenAPI but does not say its version.
pub(crate) fn unversioned(file: &str) -> Diagnostic {
    Diagnostic::new(
        file,
        "",
        "looks like OpenAPI, but does not say its version",
        "write \"openapi\": \"3.0.3\" or \"openapi\": \"3.1.0\" into it, whichever it is written in",
    )
}

/// What to do about a version that is not known.
const EXPORT: &str = "export the project from Apifox as OpenAPI 3.0 or 3.1";

/// A warning that the version is newer than 3.2; the document is read as 3.2.
pub(super) fn newer(document: &Document) -> Option<Diagnostic> {
    let version = written(document.json.get("openapi")?);
    let is_known = matches!(OpenApiVersion::minor(&version), Some("0" | "1" | "2"));
    (!is_known).then(|| {
        Diagnostic::new(
            &document.file,
            "/openapi",
            format!("is version {version:?}, which is read as 3.2"),
            EXPORT,
        )
    })
}

/// A warning that the schemas are written in another dialect than that of OpenAPI 3.1.
pub(super) fn other_dialect(document: &Document) -> Option<Diagnostic> {
    let dialect = document.json.get("jsonSchemaDialect")?.as_str()?;
    (!is_2020_12(dialect)).then(|| {
        Diagnostic::new(
            &document.file,
            "/jsonSchemaDialect",
            "is another dialect; schemas are read as JSON Schema 2020-12",
            "write the schemas in JSON Schema 2020-12, and leave it out",
        )
    })
}

/// Checks that the version is 3.0 or later.
///
/// # Errors
///
/// That it is older.
pub(super) fn check_version(document: &Document) -> Result<(), Diagnostics> {
    let json = &document.json;
    let version = json.get("openapi").or_else(|| json.get("swagger"));
    let text = version.map(written).unwrap_or_default();
    if text.starts_with("3.") && json.get("openapi").is_some() {
        return Ok(());
    }
    let (place, other) = match json.get("openapi") {
        Some(_) => ("/openapi", "2"),
        None => ("/swagger", "3"),
    };
    let (message, help) = match (text.starts_with(other), other) {
        (true, "2") => (
            format!("is version {text:?}, which is one of Swagger"),
            "write \"swagger\": \"2.0\" in its place",
        ),
        (true, _) => (
            format!("is version {text:?}, which is one of OpenAPI"),
            "name the member openapi",
        ),
        _ => (
            format!("is version {text:?}, not 2.0, 3.0, 3.1 or 3.2"),
            EXPORT,
        ),
    };
    Err(Diagnostic::new(&document.file, place, message, help).into())
}
