//! The rules of schemas, for a generator.

use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;

use serde_json::Value;

use crate::validate::report::{Report, Violation};
use crate::validate::rules::compile::Compiler;
use crate::validate::rules::compiled::CompiledSchemas;
use crate::validate::rules::draft::{Draft, Unsupported};
use crate::validate::rules::predicate::{self, Predicate};
use crate::validate::rules::rule::{Id, RuleId};
use crate::value::path::Path;

/// The schemas of a document, each compiled once, when a [`Checker`] first needs it.
pub struct Schemas<'d> {
    compiler: Compiler<'d>,
    compiled: Rc<RefCell<CompiledSchemas>>,
}

impl<'d> Schemas<'d> {
    /// References are resolved in `document`.
    #[must_use]
    pub fn new(document: &'d Value, draft: Draft) -> Self {
        Self {
            compiler: Compiler::new(document, draft),
            compiled: Rc::default(),
        }
    }

    /// Compiles the schema at `pointer`.
    ///
    /// # Errors
    ///
    /// The keyword that can't be compiled, and where it stands.
    pub fn checker(&mut self, pointer: &str) -> Result<Checker, Unsupported> {
        let start = self
            .compiler
            .compile(&mut self.compiled.borrow_mut(), pointer)?;
        Ok(self.at(start))
    }

    /// Compiles what a [guard](crate::Guard::cross_field_only) checks.
    ///
    /// # Errors
    ///
    /// As [`checker`](Self::checker).
    pub fn cross_field_only(&mut self, pointer: &str) -> Result<Checker, Unsupported> {
        let compiled = &mut self.compiled.borrow_mut();
        let start = self.compiler.compile_cross_field_only(compiled, pointer)?;
        Ok(self.at(start))
    }

    fn at(&self, start: Id) -> Checker {
        Checker {
            compiled: Rc::clone(&self.compiled),
            start,
        }
    }
}

impl fmt::Debug for Schemas<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Schemas")
    }
}

/// A compiled schema, for a generator to check values with or to write its predicate in
/// Rust.
pub struct Checker {
    /// This schema and others of its document.
    compiled: Rc<RefCell<CompiledSchemas>>,
    start: Id,
}

impl Checker {
    /// Compiles the schema at `pointer` of `document` and nothing else. Of a document with
    /// several schemas to compile, [`Schemas`] compiles what they share once.
    ///
    /// # Errors
    ///
    /// The keyword that can't be compiled, and where it stands.
    pub fn new(document: &Value, pointer: &str, draft: Draft) -> Result<Self, Unsupported> {
        Schemas::new(document, draft).checker(pointer)
    }

    /// The predicate that tells whether the schema accepts a value; `None` where it can't
    /// be stated in one piece.
    #[must_use]
    pub fn predicate(&self) -> Option<Predicate> {
        predicate::predicate(self.compiled.borrow().view(self.start))
    }

    /// The JSON pointer to the schema of a rule and the keywords that state it; `None`
    /// where they apply other schemas.
    #[must_use]
    pub fn source(&self, rule: RuleId) -> Option<(String, &'static [&'static str])> {
        let compiled = self.compiled.borrow();
        let (pointer, keywords) = compiled.view(self.start).source(rule)?;
        Some((pointer.to_owned(), keywords))
    }

    /// Whether a value may be refused because a pattern that looks around or refers to a
    /// group would take too many steps.
    #[must_use]
    pub fn may_give_up(&self) -> bool {
        let compiled = self.compiled.borrow();
        compiled.schemas[self.start].reach.may_give_up
    }

    /// Every rule of the schema that `value` breaks: of more than 1000 the first 1000.
    #[must_use]
    pub fn violations(&self, value: &Value) -> Vec<Violation> {
        self.report(value).violations().to_vec()
    }

    /// The same, and what the schema warns of.
    #[must_use]
    pub fn report(&self, value: &Value) -> Report {
        let mut report = Report::default();
        // What is wrong is in the report.
        let compiled = self.compiled.borrow();
        let _ = compiled
            .view(self.start)
            .check(value, Path::ROOT, &mut report);
        report
    }

    /// Whether the schema accepts `value`.
    #[must_use]
    pub fn accepts(&self, value: &Value) -> bool {
        self.compiled.borrow().view(self.start).accepts(value)
    }
}

impl fmt::Debug for Checker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Checker")
    }
}
