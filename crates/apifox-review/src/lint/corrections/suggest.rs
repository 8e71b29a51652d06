//! One correction for all findings.

use json_patch::PatchOperation;
use serde_json::Value;

use crate::lint::finding::Finding;
use crate::lint::linter::lint;
use crate::lint::rules::RULES;
use apifox_document::Document;
use apifox_document::diagnostics::{Diagnostics, Severity};

/// A correction may reveal other findings, for this many rounds at most.
const ROUNDS: usize = 24;

/// The operations of a JSON Patch that together correct every error and warning in a
/// document that has a correction, in the order in which they are to be applied.
///
/// # Errors
///
/// The document can't be read at all.
pub fn suggestion(document: &Document) -> Result<Vec<Value>, Diagnostics> {
    let mut document = document.clone();
    let mut suggested = Vec::new();
    for _ in 0..ROUNDS {
        let findings = lint(&document)?;
        let before = suggested.len();
        for finding in next_findings(&findings) {
            if apply(&mut document.json, &finding.patch) {
                suggested.extend(finding.patch.iter().cloned());
            }
        }
        if suggested.len() == before {
            break;
        }
    }
    Ok(suggested)
}

/// The findings to correct next: those about examples come last, as an example may be
/// right once its schema is.
fn next_findings(findings: &[Finding]) -> Vec<&Finding> {
    let is_about_examples = |finding: &&Finding| {
        let mut rules = RULES.iter();
        rules.any(|rule| rule.name == finding.rule && rule.is_about_examples)
    };
    let is_correctable =
        |finding: &&Finding| finding.severity != Severity::Info && !finding.patch.is_empty();
    let (about_examples, about_schemas): (Vec<_>, Vec<_>) = findings
        .iter()
        .filter(is_correctable)
        .partition(is_about_examples);
    match about_schemas.is_empty() {
        true => about_examples,
        false => about_schemas,
    }
}

/// Applies a patch; false where it can't be applied, because another one changed what it
/// tests: then nothing is changed.
fn apply(json: &mut Value, patch: &[Value]) -> bool {
    let operations: Result<Vec<PatchOperation>, _> = patch
        .iter()
        .map(|operation| serde_json::from_value(operation.clone()))
        .collect();
    operations.is_ok_and(|operations| json_patch::patch(json, &operations).is_ok())
}
