//! What contradicts itself in a document, and how it could be corrected.
//!
//! A rule is a row of [`RULES`] and a function that looks through the document.
//! Each finding comes with operations for a file `*.bugs.patch.json`, a `test`
//! before each change, that make it go away.

mod context;
mod example;
mod finding;
mod infer;
mod lenient;
mod patch;
mod rules;
mod schemas;
mod suggest;
mod widen;

use std::collections::HashSet;
use std::path::Path;

use self::context::Linted;
use self::finding::Found;
use apifox_document::diagnostics::{Diagnostic, Diagnostics};
use apifox_document::{Document, sources};

pub use self::finding::Finding;
pub use self::rules::{RULES, Rule};
pub use self::suggest::suggestion;

/// Looks for what contradicts itself in a document, as its corrections left it.
///
/// # Errors
///
/// That the document can't be read at all.
pub fn lint(document: &Document) -> Result<Vec<Finding>, Diagnostics> {
    let mut linted = Linted::new(document).map_err(|problems| problems.at(&document.texts))?;
    linted.examples = rules::examples::all(&linted);
    let mut findings = Vec::new();
    for rule in RULES {
        let mut found = Found::new(rule.name, rule.severity, &document.file);
        (rule.look)(&linted, &mut found);
        findings.append(&mut found.findings);
    }
    let mut seen = HashSet::new();
    findings.retain(|it| {
        let Diagnostic {
            pointer, message, ..
        } = &it.problem;
        seen.insert((it.rule, pointer.clone(), message.clone()))
    });
    Ok(located(document, findings))
}

/// Looks for what contradicts itself in the document at `path`, with the
/// corrections beside it applied: see [`lint`].
///
/// # Errors
///
/// That the document can't be read at all.
pub fn lint_file(path: &Path) -> Result<Vec<Finding>, Diagnostics> {
    lint(&sources::read_file(path)?)
}

/// Puts the findings in the order of the text, as far as it is known.
fn located(document: &Document, findings: Vec<Finding>) -> Vec<Finding> {
    let (mut problems, rest): (Vec<_>, Vec<_>) = findings
        .into_iter()
        .map(|it| (it.problem, (it.rule, it.severity, it.patch)))
        .unzip();
    document.texts.fill(&mut problems);
    let mut findings: Vec<Finding> = problems
        .into_iter()
        .zip(rest)
        .map(|(problem, (rule, severity, patch))| Finding {
            rule,
            severity,
            problem,
            patch,
        })
        .collect();
    findings.sort_by(|a, b| a.problem.location.cmp(&b.problem.location));
    findings
}
