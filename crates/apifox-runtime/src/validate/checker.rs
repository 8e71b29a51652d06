//! The rules of a schema, for a generator.

use std::fmt;

use serde_json::Value;

use crate::validate::report::{Report, Violation};
use crate::validate::rules::compiled::CompiledSchema;
use crate::validate::rules::draft::{Draft, Unsupported};
use crate::validate::rules::predicate::{self, Predicate};
use crate::validate::rules::rule::RuleId;
use crate::value::path::Path;

/// A compiled schema, for a generator to check values with or to write its predicate in
/// Rust.
pub struct Checker(CompiledSchema);

impl Checker {
    /// Compiles the schema at `pointer` of `document`.
    ///
    /// # Errors
    ///
    /// The keyword that can't be compiled, and where it stands.
    pub fn new(document: &Value, pointer: &str, draft: Draft) -> Result<Self, Unsupported> {
        CompiledSchema::compile(document, pointer, draft).map(Self)
    }

    /// Compiles what a [guard](crate::Guard::cross_field_only) checks.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new).
    pub fn cross_field_only(
        document: &Value,
        pointer: &str,
        draft: Draft,
    ) -> Result<Self, Unsupported> {
        CompiledSchema::compile_cross_field_only(document, pointer, draft).map(Self)
    }

    /// The predicate that tells whether the schema accepts a value; `None` where it can't
    /// be stated in one piece.
    #[must_use]
    pub fn predicate(&self) -> Option<Predicate> {
        predicate::predicate(&self.0)
    }

    /// The JSON pointer to the schema of a rule and the keywords that state it; `None`
    /// where they apply other schemas.
    #[must_use]
    pub fn source(&self, rule: RuleId) -> Option<(&str, &'static [&'static str])> {
        self.0.source(rule)
    }

    /// Every rule of the schema that `value` breaks.
    #[must_use]
    pub fn violations(&self, value: &Value) -> Vec<Violation> {
        let mut report = Report::default();
        // What is wrong is in the report.
        let _ = self.0.check(value, Path::ROOT, &mut report);
        report.violations().to_vec()
    }

    /// Whether the schema accepts `value`.
    #[must_use]
    pub fn accepts(&self, value: &Value) -> bool {
        self.0.accepts(value)
    }
}

impl fmt::Debug for Checker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Checker")
    }
}
