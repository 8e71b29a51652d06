//! Checks a document against every rule.

use std::collections::HashSet;
use std::panic::resume_unwind;
use std::path::Path;
use std::thread::{self, ScopedJoinHandle};

use super::context::{self, Context};
use super::find_examples::find_examples;
use super::finding::{Finding, Findings};
use super::rules::{RULES, Rule};
use apifox_document::api::Api;
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
    let context = context(document, &api);
    let mut findings = found(document, &context, &api);
    // What was told when the document was read is told unless another rule found it.
    for rule in RULES.iter().filter(|rule| rule.is_of_reading()) {
        let mut told = check(rule, document, &context, &findings);
        findings.append(&mut told);
    }
    let mut seen = HashSet::new();
    findings.retain(|finding| {
        let Diagnostic {
            pointer, message, ..
        } = &finding.diagnostic;
        seen.insert((finding.rule, pointer.clone(), message.clone()))
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

/// A document as its rules see it, with its examples.
fn context<'d>(document: &'d Document, api: &'d Api) -> Context<'d> {
    let mut context = Context::new(document, api);
    context.examples = find_examples(&context);
    context
}

/// What all rules find but those of reading. The rules about examples, which compile schemas,
/// are checked on another processor.
fn found(document: &Document, context: &Context<'_>, api: &Api) -> Vec<Finding> {
    let found_by = |context: &Context<'_>, is_about_examples: bool| -> Vec<Finding> {
        let is_meant = |rule: &&Rule| rule.is_about_examples == is_about_examples;
        let rules = RULES.iter().filter(is_meant);
        let rules = rules.filter(|rule| !rule.is_of_reading());
        rules
            .flat_map(|rule| check(rule, document, context, &[]))
            .collect()
    };
    thread::scope(|scope| {
        let about_examples = || found_by(&self::context(document, api), true);
        let beside = thread::Builder::new().spawn_scoped(scope, about_examples);
        let mut findings = found_by(context, false);
        findings.extend(match beside.map(ScopedJoinHandle::join) {
            Ok(Ok(found)) => found,
            Ok(Err(panic)) => resume_unwind(panic),
            // Some systems have no threads, or no more.
            Err(_) => found_by(context, true),
        });
        findings
    })
}

/// What a rule finds, where `known` is what others found.
fn check(
    rule: &Rule,
    document: &Document,
    context: &Context<'_>,
    known: &[Finding],
) -> Vec<Finding> {
    let mut findings = Findings::new(rule.name, rule.severity, &document.file);
    rule.check(context, known, &mut findings);
    findings.list
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

/// Finds the lines of the findings, and sorts them by line where it is known.
fn locate(document: &Document, findings: &mut [Finding]) {
    let mut diagnostics: Vec<Diagnostic> = findings
        .iter()
        .map(|finding| finding.diagnostic.clone())
        .collect();
    document.texts.fill(&mut diagnostics);
    for (finding, diagnostic) in findings.iter_mut().zip(diagnostics) {
        finding.diagnostic = diagnostic;
    }
    findings.sort_by(|a, b| a.diagnostic.location.cmp(&b.diagnostic.location));
}
