//! The version of OpenAPI that a document is written in.

use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::document::Document;

/// What to do about a version other than 3.0 and 3.1.
const EXPORT: &str = "export the project from Apifox as OpenAPI 3.0 or 3.1";

/// A warning that the version is newer than 3.1; the document is read as 3.1.
pub(super) fn newer(document: &Document) -> Option<Diagnostic> {
    let version = document.json.get("openapi")?.as_str()?;
    let is_known = version.starts_with("3.0") || version.starts_with("3.1");
    (!is_known).then(|| {
        Diagnostic::new(
            &document.file,
            "/openapi",
            format!("is version {version:?}, which is read as 3.1"),
            EXPORT,
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
    let text = version.map(|version| {
        version
            .as_str()
            .map_or_else(|| version.to_string(), str::to_owned)
    });
    let text = text.unwrap_or_default();
    if text.starts_with("3.") && json.get("openapi").is_some() {
        return Ok(());
    }
    let diagnostic = Diagnostic::new(
        &document.file,
        match json.get("openapi") {
            Some(_) => "/openapi",
            None => "/swagger",
        },
        format!("is version {text:?}, not 2.0, 3.0 or 3.1"),
        EXPORT,
    );
    Err(diagnostic.into())
}
