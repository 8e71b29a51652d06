//! What contradicts itself in a document, and how it could be corrected.
//!
//! A rule is a row of [`RULES`] and a function that looks through the document.
//! Each finding comes with operations for a file `*.bugs.patch.json`, a `test`
//! before each change, that make it go away.

mod bounds;
mod context;
mod examples;
mod infer;
mod keywords;
mod lenient;
mod operations;
mod patch;
mod references;
mod relax;
mod replies;
mod rules;
mod schemas;
mod suggest;
mod values;
mod verdicts;

use std::collections::HashSet;
use std::path::Path;

use serde_json::{Value, json};

use self::context::Linted;
use self::patch::Patch;
use apifox_document::diagnostics::{Diagnostic, Diagnostics};
use apifox_document::{ColorChoice, Severity};
use apifox_document::{Document, sources};

pub use self::rules::{RULES, Rule};
pub use self::suggest::suggestion;

/// Something that contradicts itself in a document.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The rule that it breaks; a row of [`RULES`].
    pub rule: &'static str,
    /// How much it weighs.
    pub severity: Severity,
    /// Where it is, what is wrong, and what to do about it.
    pub problem: Diagnostic,
    /// Operations of a correction that make it go away; empty where nothing can be
    /// said without the vendor.
    pub patch: Vec<Value>,
}

impl Finding {
    /// As text for a reader: see [`Diagnostic::text`]. The name of the rule comes after
    /// what is wrong.
    #[must_use]
    pub fn text(&self, look: ColorChoice) -> String {
        let message = format!("{} [{}]", self.problem.message, self.rule);
        let problem = Diagnostic {
            message,
            ..self.problem.clone()
        };
        problem.text(self.severity, look)
    }

    /// As JSON, as `docs/lint.md` describes it.
    #[must_use]
    pub fn json(&self) -> Value {
        let location = self.problem.location.as_ref();
        json!({
            "rule": self.rule,
            "severity": self.severity.name(),
            "pointer": self.problem.pointer,
            "line": location.map(|it| it.line),
            "column": location.map(|it| it.column),
            "message": self.problem.message,
            "remedy": self.problem.help,
            "patch": self.patch,
        })
    }
}

/// Looks for what contradicts itself in a document, as its corrections left it.
///
/// # Errors
///
/// That the document can't be read at all.
pub fn lint(document: &Document) -> Result<Vec<Finding>, Diagnostics> {
    let linted = Linted::of(document).map_err(|it| it.at(&document.texts))?;
    let mut findings = Vec::new();
    for rule in RULES {
        let mut found = Found {
            rule,
            file: &document.file,
            findings: Vec::new(),
        };
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

/// What one rule finds.
pub(crate) struct Found<'r> {
    rule: &'static Rule,
    file: &'r str,
    findings: Vec<Finding>,
}

impl Found<'_> {
    fn add(&mut self, pointer: &str, message: impl Into<String>, help: &str, patch: Patch) {
        let message = message.into();
        self.findings.push(Finding {
            rule: self.rule.name,
            severity: self.rule.severity,
            patch: patch.reasoned(&message, help),
            problem: Diagnostic {
                file: self.file.to_owned(),
                location: None,
                pointer: pointer.to_owned(),
                keyword: None,
                message,
                help: help.to_owned(),
            },
        });
    }

    /// Takes over a problem that was found while the document was read.
    fn adopt(&mut self, problem: Diagnostic) {
        self.findings.push(Finding {
            rule: self.rule.name,
            severity: self.rule.severity,
            problem,
            patch: Vec::new(),
        });
    }
}
