//! What a build warns of, as far as no other rule finds it.

use std::collections::BTreeSet;

use apifox_document::diagnostics::Diagnostic;
use apifox_document::pointer::JsonPointerExt as _;

use crate::lint::context::Context;
use crate::lint::finding::{Finding, Findings};

/// What was told when the document was read.
pub(super) struct Reading<'c> {
    /// What is lost before there is a document, as a member that is written twice is: no other
    /// rule can find it.
    lost: Vec<&'c Diagnostic>,
    /// What other rules may have found.
    told: &'c [Diagnostic],
}

pub(super) fn skipped<'c>(context: &'c Context<'_>) -> Reading<'c> {
    let lost = context.read_diagnostics.iter();
    Reading {
        // What has no place is of a block that is not whole.
        lost: lost
            .filter(|diagnostic| !diagnostic.pointer.is_empty())
            .collect(),
        told: &context.api.skipped,
    }
}

pub(super) fn unsupported<'c>(context: &'c Context<'_>) -> Reading<'c> {
    Reading {
        lost: Vec::new(),
        told: &context.api.unsupported,
    }
}

impl Reading<'_> {
    /// Adds what was lost, and what was told at places where nothing is known yet.
    pub(super) fn add(&self, known: &[Finding], findings: &mut Findings<'_>) {
        for diagnostic in &self.lost {
            findings.add_diagnostic((*diagnostic).clone());
        }
        let pointers = known.iter().map(|finding| &finding.diagnostic.pointer);
        let pointers: BTreeSet<&str> = pointers.map(String::as_str).collect();
        for diagnostic in self.told {
            let place = match &diagnostic.keyword {
                Some(keyword) => diagnostic.pointer.child(keyword),
                None => diagnostic.pointer.clone(),
            };
            let within = format!("{place}/");
            let next = pointers.range(within.as_str()..).next();
            let is_known = pointers.contains(place.as_str())
                || next.is_some_and(|next| next.starts_with(&within));
            if !is_known {
                findings.add_diagnostic(diagnostic.clone());
            }
        }
    }
}
