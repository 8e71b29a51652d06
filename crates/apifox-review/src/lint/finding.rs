//! What a rule finds in a document.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::corrections::patch::Patch;
use apifox_document::diagnostics::Diagnostic;
use apifox_document::{Severity, Style};

/// A diagnostic of one rule, with a correction.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The rule that the document breaks; a row of [`RULES`](super::RULES).
    pub rule: &'static str,
    /// The severity of that rule.
    pub severity: Severity,
    /// Where it is, what is wrong, and what to do about it.
    pub diagnostic: Diagnostic,
    /// The operations of a JSON Patch that corrects it; empty where only the vendor
    /// can know what is right.
    pub patch: Vec<Value>,
    /// What a build tells of the same, which is not told beside it: it is told where this rule
    /// is off.
    pub replaces: Vec<Self>,
}

impl Finding {
    /// As text for a reader: see [`Diagnostic::text`]. The name of the rule comes after
    /// the message.
    #[must_use]
    pub fn text(&self, style: &Style) -> String {
        let message = format!("{} [{}]", self.diagnostic.message, self.rule);
        let diagnostic = Diagnostic {
            message,
            ..self.diagnostic.clone()
        };
        diagnostic.text(self.severity, style)
    }

    /// Each thing that was found once, with the count of its places and the first of them.
    #[must_use]
    pub fn grouped(findings: &[Self]) -> Vec<Self> {
        let mut groups: Vec<Self> = Vec::new();
        let mut known = HashMap::new();
        for finding in findings {
            let Diagnostic {
                keyword,
                message,
                help,
                ..
            } = &finding.diagnostic;
            let key = (finding.rule, finding.severity, keyword, message, help);
            let index = *known.entry(key).or_insert(groups.len());
            match groups.get_mut(index) {
                Some(group) => group.diagnostic.add_repeat(&finding.diagnostic),
                None => groups.push(finding.clone()),
            }
        }
        groups
    }

    /// As JSON, as `docs/lint.md` describes it.
    #[must_use]
    pub fn json(&self) -> Value {
        let location = self.diagnostic.location.as_ref();
        json!({
            "rule": self.rule,
            "severity": self.severity.name(),
            "file": self.diagnostic.file,
            "pointer": self.diagnostic.pointer,
            "subject": self.diagnostic.subject,
            "line": location.map(|location| location.line),
            "column": location.map(|location| location.column),
            "message": self.diagnostic.named(),
            "remedy": self.diagnostic.help,
            "patch": self.patch,
        })
    }
}

/// The findings of one rule.
pub(super) struct Findings<'r> {
    rule: &'static str,
    severity: Severity,
    file: &'r str,
    pub list: Vec<Finding>,
}

impl<'r> Findings<'r> {
    pub fn new(rule: &'static str, severity: Severity, file: &'r str) -> Self {
        Self {
            rule,
            severity,
            file,
            list: Vec::new(),
        }
    }

    pub fn add(&mut self, pointer: &str, message: impl Into<String>, help: &str, patch: Patch) {
        let message = message.into();
        let patch = patch.with_reasons(&message, help);
        self.push(Diagnostic::new(self.file, pointer, message, help), patch);
    }

    /// Adds a diagnostic from when the document was read.
    pub fn add_diagnostic(&mut self, diagnostic: Diagnostic) {
        self.push(diagnostic, Vec::new());
    }

    /// Adds one to what a finding replaces.
    pub fn replaced_by(&self, finding: &mut Finding, diagnostic: Diagnostic) {
        finding.replaces.push(self.finding(diagnostic, Vec::new()));
    }

    fn push(&mut self, diagnostic: Diagnostic, patch: Vec<Value>) {
        self.list.push(self.finding(diagnostic, patch));
    }

    fn finding(&self, diagnostic: Diagnostic, patch: Vec<Value>) -> Finding {
        Finding {
            rule: self.rule,
            severity: self.severity,
            diagnostic,
            patch,
            replaces: Vec::new(),
        }
    }
}
