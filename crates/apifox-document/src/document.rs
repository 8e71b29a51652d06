//! A document as it was read, with its corrections applied.

use serde_json::Value;

use crate::diagnostics::Diagnostic;
use crate::text::Texts;

/// A document, corrected.
#[derive(Clone, Debug)]
pub struct Document {
    /// The folders between the root and the file: the API, and the Rust modules.
    pub folders: Vec<String>,
    /// The file's name without `.json`: the document's name, and its Rust module.
    pub name: String,
    /// The file, below the root, with `/` between its parts.
    pub file: String,
    /// The corrected document.
    pub json: Value,
    /// Whether it was read from a page of one operation.
    pub is_page: bool,
    /// What is incomplete in the file and was omitted.
    pub faults: Vec<Diagnostic>,
    /// The texts that it and its corrections were read from.
    pub texts: Texts,
}

pub(crate) fn no_document(file: &str) -> Diagnostic {
    Diagnostic::new(
        file,
        "",
        "holds no document of Apifox",
        "give a project export, OpenAPI 3.0 or 3.1 in JSON or YAML, a page in Markdown \
                 with OpenAPI in it, or the text of a published page",
    )
}
