//! Checks a document against every rule.

use std::collections::HashSet;
use std::path::Path;

use super::context::{self, Context};
use super::find_examples::find_examples;
use super::finding::{Finding, Findings};
use super::rules::RULES;
use apifox_document::diagnostics::{Diagnostic, Diagnostics};
use apifox_document::{Document, REFERENCED_FILES, sources};
use serde_json::Value;

/// Checks a document, with the corrections that were applied to it, for contradictions.
///
/// # Errors
///
/// The document can't be read at all.
pub fn lint(document: &Document) -> Result<Vec<Finding>, Diagnostics> {
    let api = context::read(document).map_err(|diagnostics| diagnostics.at(&document.texts))?;
    let mut context = Context::new(document, &api);
    context.examples = find_examples(&context);
    let mut findings = Vec::new();
    for rule in RULES {
        let mut found = Findings::new(rule.name, rule.severity, &document.file);
        rule.check(&context, &mut findings, &mut found);
        findings.append(&mut found.list);
    }
    let mut seen = HashSet::new();
    findings.retain(|finding| {
        let Diagnostic {
            file,
            pointer,
            message,
            ..
        } = &finding.diagnostic;
        seen.insert((finding.rule, file.clone(), pointer.clone(), message.clone()))
    });
    for finding in &mut findings {
        if !finding
            .patch
            .iter()
            .all(|operation| applies(document, operation))
        {
            finding.patch.clear();
        }
    }
    locate(document, &mut findings);
    Ok(findings)
}

/// Whether an operation applies to the document's own file as it is written: not to what
/// comes from another file, or is translated from an older version of OpenAPI.
fn applies(document: &Document, operation: &Value) -> bool {
    let is_own = |pointer: &str| {
        let (file, original) = document.texts.original(&document.file, pointer);
        file == document.file && original == pointer
    };
    !document.is_translated()
        && operation["path"].as_str().is_none_or(is_own)
        && !operation.to_string().contains(REFERENCED_FILES)
}

/// Checks the document at `path`, with the corrections beside it applied: see [`lint`].
///
/// # Errors
///
/// The document can't be read at all.
pub fn lint_file(path: &Path) -> Result<Vec<Finding>, Diagnostics> {
    lint(&sources::read_file(path)?)
}

/// Finds the lines of the findings, and sorts them by file, and by line where it is known.
fn locate(document: &Document, findings: &mut [Finding]) {
    let all = findings.iter();
    let all = all.flat_map(|finding| [finding].into_iter().chain(&finding.replaces));
    let mut diagnostics: Vec<Diagnostic> = all.map(|it| it.diagnostic.clone()).collect();
    document.texts.fill(&mut diagnostics);
    let mut located = diagnostics.into_iter();
    for finding in findings.iter_mut() {
        for one in [&mut finding.diagnostic]
            .into_iter()
            .chain(finding.replaces.iter_mut().map(|it| &mut it.diagnostic))
        {
            if let Some(diagnostic) = located.next() {
                *one = diagnostic;
            }
        }
    }
    findings.sort_by(|a, b| {
        let [a, b] = [a, b].map(|finding| &finding.diagnostic);
        (&a.file, &a.location).cmp(&(&b.file, &b.location))
    });
}
