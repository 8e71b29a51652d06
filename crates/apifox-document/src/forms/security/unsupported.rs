//! What is correct in a document, but not supported.

use crate::api::{Credential, Endpoint, Requirement};
use crate::diagnostics::Diagnostic;

/// That an operation needs a credential of which nobody knows how it is sent.
pub(in crate::forms) fn security(file: &str, operation: &Endpoint) -> Option<Diagnostic> {
    let mut sets = operation.security.iter();
    let is_key = |one: &Requirement| !matches!(one.credential, Credential::Other(_));
    let is_given = |set: &Vec<Requirement>| set.iter().all(is_key);
    if operation.security.is_empty() || sets.any(is_given) {
        return None;
    }
    let wanted = Requirement::list(&operation.security);
    Some(Diagnostic::new(
        file,
        &operation.pointer,
        format!("wants {wanted}, which the client does not give by itself"),
        "have a hook send it and name it by `Builder::credential`, or declare what it wants as a \
         parameter, in a correction",
    ))
}

/// That what stands at `pointer` names no security scheme.
pub(in crate::forms) fn no_scheme(file: &str, pointer: &str, help: &str) -> Diagnostic {
    let message = "is not a security scheme of the document; it is skipped";
    Diagnostic::new(file, pointer, message, help)
}
