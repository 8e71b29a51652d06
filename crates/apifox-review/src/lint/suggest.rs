//! One correction for all that was found.

use json_patch::PatchOperation;
use serde_json::Value;

use super::{Finding, lint, rules};
use apifox_document::Document;
use apifox_document::diagnostics::Diagnostics;
use apifox_document::diagnostics::Severity;

/// Corrections uncover what they make plain; after so many rounds it is enough.
const ROUNDS: usize = 24;

/// The operations that together make every error and warning in a document go
/// away which has a correction, in an order in which they can be applied.
///
/// # Errors
///
/// That the document can't be read at all.
pub fn suggestion(document: &Document) -> Result<Vec<Value>, Diagnostics> {
    let mut document = document.clone();
    let mut suggested = Vec::new();
    for _ in 0..ROUNDS {
        let findings = lint(&document)?;
        let weighs = |it: &&Finding| it.severity != Severity::Info && !it.patch.is_empty();
        let (of_examples, of_schemas): (Vec<_>, Vec<_>) = findings
            .iter()
            .filter(weighs)
            .partition(|it| rules::named(it.rule).is_some_and(|it| it.is_of_examples));
        // An example may be right once its schema is.
        let now = if of_schemas.is_empty() {
            of_examples
        } else {
            of_schemas
        };
        let before = suggested.len();
        for finding in now {
            if applied(&mut document.json, &finding.patch) {
                suggested.extend(finding.patch.iter().cloned());
            }
        }
        if suggested.len() == before {
            break;
        }
    }
    Ok(suggested)
}

/// Whether a patch could be applied; otherwise another one changed what it tests,
/// and nothing is changed.
fn applied(json: &mut Value, patch: &[Value]) -> bool {
    let operations: Result<Vec<PatchOperation>, _> = patch
        .iter()
        .map(|it| serde_json::from_value(it.clone()))
        .collect();
    operations.is_ok_and(|operations| json_patch::patch(json, &operations).is_ok())
}
