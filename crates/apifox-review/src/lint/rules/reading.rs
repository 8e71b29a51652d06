//! What a build warns of, as far as no other rule finds it.

use std::collections::BTreeSet;

use apifox_document::diagnostics::Diagnostic;
use apifox_document::pointer::JsonPointerExt as _;

use crate::lint::context::Context;
use crate::lint::finding::{Finding, Findings};

pub(super) fn skipped<'c>(context: &'c Context<'_>) -> &'c [Diagnostic] {
    &context.api.skipped
}

pub(super) fn unsupported<'c>(context: &'c Context<'_>) -> &'c [Diagnostic] {
    &context.api.unsupported
}

/// Adds the diagnostics at whose place nothing is known yet.
pub(super) fn add_unknown(
    diagnostics: &[Diagnostic],
    known: &[Finding],
    findings: &mut Findings<'_>,
) {
    let pointers = known.iter().map(|finding| &finding.diagnostic.pointer);
    let pointers: BTreeSet<&str> = pointers.map(String::as_str).collect();
    for diagnostic in diagnostics {
        let place = match &diagnostic.keyword {
            Some(keyword) => diagnostic.pointer.child(keyword),
            None => diagnostic.pointer.clone(),
        };
        let within = format!("{place}/");
        let next = pointers.range(within.as_str()..).next();
        let is_known =
            pointers.contains(place.as_str()) || next.is_some_and(|next| next.starts_with(&within));
        if !is_known {
            findings.add_diagnostic(diagnostic.clone());
        }
    }
}
