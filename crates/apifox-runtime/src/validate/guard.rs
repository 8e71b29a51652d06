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

/// JSON, and the place in it of the schema that references start from.
#[derive(Clone, Copy)]
pub struct SchemaText {
    json: &'static str,
    base: &'static str,
}

impl SchemaText {
    /// A schema by itself.
    #[must_use]
    pub const fn new(json: &'static str) -> Self {
        Self::within(json, "")
    }

    /// The schema at the JSON pointer `base` of a document.
    #[must_use]
    pub const fn within(json: &'static str, base: &'static str) -> Self {
        Self { json, base }
    }

    fn parsed(self) -> Option<Value> {
        let mut document: Value = serde_json::from_str(self.json).ok()?;
        document.pointer_mut(self.base).map(Value::take)
    }
}

impl fmt::Debug for SchemaText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SchemaText({})", self.base)
    }
}

/// A schema that is compiled when it is first needed.
pub struct Guard {
    document: SchemaText,
    pointer: &'static str,
    draft: Draft,
    /// Whether the guarded type enforces its kind, its fields and its items.
    cross_field_only: bool,
    compiled: OnceLock<Option<(CompiledSchemas, Id)>>,
}

impl Guard {
    /// The schema at `pointer` of `document`.
    #[must_use]
    pub const fn new(document: SchemaText, pointer: &'static str, draft: Draft) -> Self {
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
        document: SchemaText,
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
        let document = self.document.parsed()?;
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
