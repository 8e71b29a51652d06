//! A document as it was read, with its corrections applied.

use std::path::PathBuf;

use serde_json::Value;

use crate::diagnostics::Diagnostic;
use crate::pointer::{JsonPointerExt as _, REFERENCED_FILES, steps};
use crate::text::Texts;

/// A document, corrected.
#[derive(Clone, Debug)]
pub struct Document {
    /// The folders between the root and the file: the API, and the Rust modules.
    pub folders: Vec<String>,
    /// The file's name without its ending: the document's name, and its Rust module.
    pub name: String,
    /// The file, below the root, with `/` between its parts.
    pub file: String,
    /// The corrected document, with the files that it refers to in its member
    /// `x-referenced-files`.
    pub json: Value,
    /// Whether it was read from a page of one operation.
    pub is_page: bool,
    /// What is wrong in the files though they can be read: what is incomplete and was
    /// omitted, members that are written twice, references that are not followed.
    pub faults: Vec<Diagnostic>,
    /// The texts that it and its corrections were read from.
    pub texts: Texts,
    /// The files that were read for it beside its own: corrections, and what it refers to.
    pub files: Vec<PathBuf>,
}

/// The file that a place is in, of those that the document refers to; `None` for the document
/// itself.
pub(crate) fn file_of(place: &str) -> Option<String> {
    let mut steps = steps(place);
    steps.next().filter(|first| first == REFERENCED_FILES)?;
    steps.next()
}

/// The place in a document of a file that it refers to.
pub(crate) fn place_of_file(name: &str) -> String {
    "".child(REFERENCED_FILES).child(name)
}

/// What the schema at a pointer may be called: the last name of the pointer, or that of a
/// file without its directory and its ending.
#[must_use]
pub fn place_name(pointer: &str) -> String {
    let mut steps: Vec<String> = steps(pointer).collect();
    let last = steps.pop().unwrap_or_default();
    if steps != [REFERENCED_FILES] {
        return last;
    }
    let name = last.rsplit('/').next().unwrap_or_default();
    name.rsplit_once('.')
        .map_or(name, |(stem, _)| stem)
        .to_owned()
}

/// A place in the document `file` as its file and pointer are written, `file#pointer`: a
/// place in a file that the document refers to is named by that one.
#[must_use]
pub fn written_place(file: &str, pointer: &str) -> String {
    let mut names = steps(pointer);
    match (names.next(), names.next()) {
        (Some(first), Some(name)) if first == REFERENCED_FILES => {
            let directory = file.rsplit_once('/').map(|(directory, _)| directory);
            let slash = directory.map(|directory| format!("{directory}/"));
            let below = names.fold(String::new(), |below, step| below.child(step));
            format!("{}{name}#{below}", slash.unwrap_or_default())
        }
        _ => format!("{file}#{pointer}"),
    }
}

pub(crate) fn no_document(file: &str) -> Diagnostic {
    Diagnostic::new(
        file,
        "",
        "holds no document of Apifox",
        "give a project export, OpenAPI 3.0 to 3.2 or Swagger 2.0 in JSON or YAML, a page in \
         Markdown with OpenAPI in it, or the text of a published page",
    )
}
