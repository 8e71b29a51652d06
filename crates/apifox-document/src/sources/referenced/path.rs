//! Which file a reference leads to, and which may be read.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::forms::Form;
use crate::pointer::decoded;

/// Why a reference is not followed, and what to do about it.
pub(super) type Refusal = (String, &'static str);

/// What to do about a file that must not be read.
pub(super) const COPY: &str = "save the file below the document's directory, and refer to it there";

/// The directory of the document `json`, which was read from `path`.
pub(super) fn directory(json: &Value, path: Option<&Path>) -> Result<PathBuf, Refusal> {
    let Some(path) = path else {
        let message = "is not read: the document was not read from a file";
        return Err((message.to_owned(), "give the path of the document"));
    };
    // There references start from the schema that they stand in.
    if matches!(Form::of(json), Form::Endpoint | Form::Response) {
        let message = "is not read: other files are read only for OpenAPI and JSON Schema";
        return Err((message.to_owned(), "put what it leads to into the document"));
    }
    Ok(match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    })
}

/// Whether a reference is to a schema that everyone knows.
pub(super) fn is_meta_schema(path: &str) -> bool {
    let address = path.split_once("://").map(|(_, address)| address);
    address.is_some_and(|address| address.starts_with("json-schema.org/"))
}

/// The path from the document's directory that the reference `path` in the file `from`
/// leads to.
pub(super) fn below_directory(from: &str, path: &str) -> Result<String, Refusal> {
    let scheme = path.split_once(':').map(|(scheme, _)| scheme);
    let is_scheme = |scheme: &str| scheme.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if scheme.is_some_and(is_scheme) || path.starts_with("//") {
        let message = "is not read: only files below the document's directory are";
        return Err((message.to_owned(), COPY));
    }
    if path.starts_with(['/', '\\']) {
        let message = "is not read: it is not relative to the file that it stands in";
        return Err((message.to_owned(), COPY));
    }
    let mut steps: Vec<String> = from.split('/').map(str::to_owned).collect();
    steps.pop();
    for step in path.split('/') {
        match decoded(step).as_str() {
            "" | "." => {}
            ".." => {
                let message = "is not read: it leads out of the document's directory";
                steps.pop().ok_or((message.to_owned(), COPY))?;
            }
            // An escaped slash is part of a name, which no file has.
            step if step.contains(['/', '\\', '\0']) => {
                let message = "cannot be read: it is not the path of a file";
                return Err((message.to_owned(), COPY));
            }
            step => steps.push(step.to_owned()),
        }
    }
    Ok(steps.join("/"))
}
