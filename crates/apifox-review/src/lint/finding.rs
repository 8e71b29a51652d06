//! What a rule finds in a document.

use serde_json::{Value, json};

use super::patch::Patch;
use apifox_document::diagnostics::Diagnostic;
use apifox_document::{ColorChoice, Severity};

/// Something that contradicts itself in a document.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The rule that it breaks; a row of [`RULES`](super::RULES).
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

/// What one rule finds.
pub(super) struct Found<'r> {
    rule: &'static str,
    severity: Severity,
    file: &'r str,
    pub findings: Vec<Finding>,
}

impl<'r> Found<'r> {
    pub fn new(rule: &'static str, severity: Severity, file: &'r str) -> Self {
        Self {
            rule,
            severity,
            file,
            findings: Vec::new(),
        }
    }

    pub fn add(&mut self, pointer: &str, message: impl Into<String>, help: &str, patch: Patch) {
        let message = message.into();
        self.findings.push(Finding {
            rule: self.rule,
            severity: self.severity,
            patch: patch.reasoned(&message, help),
            problem: Diagnostic::new(self.file, pointer, message, help),
        });
    }

    /// Takes over a problem that was found while the document was read.
    pub fn adopt(&mut self, problem: Diagnostic) {
        self.findings.push(Finding {
            rule: self.rule,
            severity: self.severity,
            problem,
            patch: Vec::new(),
        });
    }
}
