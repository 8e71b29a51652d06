//! What is wrong in documents, and what differs between two, in the chosen language.

use apifox_document::Diagnostic;
use apifox_review::{Change, Finding};

use crate::language::is_translated;
use crate::language::libraries::review;

/// A diagnostic in the chosen language.
pub fn diagnostic(diagnostic: &Diagnostic) -> Diagnostic {
    Diagnostic {
        message: review(&diagnostic.message),
        help: review(&diagnostic.help),
        ..diagnostic.clone()
    }
}

/// Findings in the chosen language.
pub fn findings(findings: &[Finding]) -> Vec<Finding> {
    let told = |finding: &Finding| Finding {
        diagnostic: diagnostic(&finding.diagnostic),
        ..finding.clone()
    };
    findings.iter().map(told).collect()
}

/// What a change is about: a part of an operation, such as `reply 200`.
pub fn part(change: &Change) -> String {
    match is_translated() && !change.part.is_empty() {
        true => review(&change.part),
        false => change.part.clone(),
    }
}
