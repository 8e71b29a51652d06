//! What a build warns of, as far as no other rule finds it.

use std::collections::HashMap;

use apifox_document::diagnostics::Diagnostic;
use apifox_document::pointer::{JsonPointerExt as _, JsonValueExt as _};
use serde_json::Value;

use crate::lint::context::Context;
use crate::lint::finding::{Finding, Findings};

/// The rules that tell in their own words what a build warns of at the same place. What others
/// find there, or within it, says nothing of what a build does.
const TELLERS: [&str; 15] = [
    "dangling-ref",
    "incomplete-operation",
    "incomplete-scheme",
    "invalid-pattern",
    "keyword-of-another-draft",
    "malformed-keyword",
    "not-a-schema",
    "pattern-literal",
    "pending-properties",
    "required-twice",
    "server-variable",
    "skipped",
    "unknown-keyword",
    "unknown-scope",
    "unknown-type",
];

/// What was told when the document was read.
pub(super) struct Reading<'c> {
    /// The document as it is written.
    document: &'c Value,
    /// What is lost before there is a document, as a member that is written twice is: no other
    /// rule can find it.
    lost: Vec<&'c Diagnostic>,
    /// What other rules may have found.
    told: &'c [Diagnostic],
}

pub(super) fn skipped<'c>(context: &'c Context<'_>) -> Reading<'c> {
    let lost = context.read_diagnostics.iter();
    Reading {
        document: context.json,
        // What has no place is of a block that is not whole.
        lost: lost
            .filter(|diagnostic| !diagnostic.pointer.is_empty())
            .collect(),
        told: &context.api.skipped,
    }
}

pub(super) fn unsupported<'c>(context: &'c Context<'_>) -> Reading<'c> {
    Reading {
        document: context.json,
        lost: Vec::new(),
        told: &context.api.unsupported,
    }
}

impl Reading<'_> {
    /// Adds what was lost, and what was told unless another rule tells it.
    pub(super) fn add(&self, known: &mut [Finding], findings: &mut Findings<'_>) {
        for diagnostic in &self.lost {
            findings.add_diagnostic((*diagnostic).clone());
        }
        let tellers = self.tellers(known);
        for diagnostic in self.told {
            let teller = tellers.get(&place(diagnostic));
            match teller.and_then(|index| known.get_mut(*index)) {
                Some(teller) => findings.replaced_by(teller, diagnostic.clone()),
                None => findings.add_diagnostic(diagnostic.clone()),
            }
        }
    }

    /// Which finding tells what a build warns of at a place.
    fn tellers(&self, known: &[Finding]) -> HashMap<String, usize> {
        let mut tellers = HashMap::new();
        let known = known.iter().enumerate();
        for (index, finding) in known.filter(|(_, it)| TELLERS.contains(&it.rule)) {
            let place = place(&finding.diagnostic);
            // A build may tell what is missing at the object that it is missing of.
            if self.document.value_at(&place).is_none() {
                let around = place.rsplit_once('/').map_or("", |(around, _)| around);
                tellers.entry(around.to_owned()).or_insert(index);
            }
            tellers.entry(place).or_insert(index);
        }
        tellers
    }
}

/// The place of a diagnostic, with that of its keyword.
fn place(diagnostic: &Diagnostic) -> String {
    let keyword = diagnostic.keyword.iter();
    keyword.fold(diagnostic.pointer.clone(), |place, name| place.child(name))
}
