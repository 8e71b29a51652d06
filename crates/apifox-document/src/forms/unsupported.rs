//! What is correct in a document, but not supported.

use crate::api::{Endpoint, Requirement};
use crate::diagnostics::Diagnostic;

/// That an operation needs credentials other than a single key.
pub(super) fn security(file: &str, operation: &Endpoint) -> Option<Diagnostic> {
    let mut sets = operation.security.iter();
    let is_given = |set: &Vec<Requirement>| set.is_empty() || Requirement::are_one_key(set);
    if operation.security.is_empty() || sets.any(is_given) {
        return None;
    }
    let wanted = Requirement::list(&operation.security);
    Some(Diagnostic::new(
        file,
        &operation.pointer,
        format!("wants {wanted}, which the client does not give by itself"),
        "declare what it wants as a parameter, in a correction",
    ))
}
