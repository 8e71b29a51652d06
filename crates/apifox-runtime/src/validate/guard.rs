//! Guards a type with the rules of its schema that the type can't express.

use std::fmt;
use std::sync::OnceLock;

use serde::Serialize;
use serde_json::Value;

use crate::validate::report::{Invalid, Report};
use crate::validate::rules::compile::Compiler;
use crate::validate::rules::compiled::{CompiledSchema, CompiledSchemas};
use crate::validate::rules::draft::Draft;
use crate::validate::rules::rule::Id;
use crate::value::json_view::JsonView;
use crate::value::node::Node;
use crate::value::path::Path;

/// A schema that is compiled when it is first needed.
pub struct Guard {
    document: &'static str,
    pointer: &'static str,
    draft: Draft,
    /// Whether the guarded type enforces its kind, its fields and its items.
    cross_field_only: bool,
    compiled: OnceLock<Option<(CompiledSchemas, Id)>>,
}

impl Guard {
    /// The schema at `pointer` of `document`, which is JSON.
    #[must_use]
    pub const fn new(document: &'static str, pointer: &'static str, draft: Draft) -> Self {
        Self {
            document,
            pointer,
            draft,
            cross_field_only: false,
            compiled: OnceLock::new(),
        }
    }

    /// The schema without `type`, `properties`, `required`, `additionalProperties` and
    /// `items`, which the guarded type enforces.
    #[must_use]
    pub const fn cross_field_only(
        document: &'static str,
        pointer: &'static str,
        draft: Draft,
    ) -> Self {
        Self {
            document,
            pointer,
            draft,
            cross_field_only: true,
            compiled: OnceLock::new(),
        }
    }

    /// Whether the schema accepts a value.
    pub fn accepts(&self, value: &dyn JsonView) -> bool {
        self.rules().is_some_and(|rules| rules.accepts(value))
    }

    /// Whether the schema accepts what a value encodes to.
    pub fn accepts_encoded(&self, value: &impl Serialize) -> bool {
        Node::encode(value).is_ok_and(|node| self.accepts(&node))
    }

    /// Checks `value` against the schema.
    ///
    /// The generator has compiled every schema that it guards a type with. One that can't
    /// be compiled nevertheless accepts nothing.
    pub fn check(&self, value: &dyn JsonView, at: Path<'_>, report: &mut Report) -> Option<()> {
        match self.rules() {
            Some(rules) => rules.check(value, at, report),
            None => report.violation(at, "$ref", value, "a schema that can be compiled"),
        }
    }

    fn rules(&self) -> Option<CompiledSchema<'_>> {
        let compiled = self.compiled.get_or_init(|| self.compile());
        compiled.as_ref().map(|(all, id)| all.view(*id))
    }

    fn compile(&self) -> Option<(CompiledSchemas, Id)> {
        let document: Value = serde_json::from_str(self.document).ok()?;
        let mut compiler = Compiler::new(&document, self.draft);
        let mut all = CompiledSchemas::default();
        let compiled = match self.cross_field_only {
            true => compiler.compile_cross_field_only(&mut all, self.pointer),
            false => compiler.compile(&mut all, self.pointer),
        };
        Some((all, compiled.ok()?))
    }

    /// Checks a value that was made in Rust.
    ///
    /// # Errors
    ///
    /// Every rule that it breaks.
    pub fn check_built(&self, value: &impl Serialize) -> Result<(), Invalid> {
        let mut report = Report::default();
        let node = Node::encode(value).unwrap_or(Node::Null);
        let checked = self.check(&node, Path::ROOT, &mut report);
        report.conclude(checked)
    }
}

impl fmt::Debug for Guard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Guard({})", self.pointer)
    }
}
