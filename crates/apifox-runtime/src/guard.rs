//! Guards a type with the rules of its schema that the type itself can't say.

use std::fmt;
use std::sync::OnceLock;

use serde::Serialize;
use serde_json::Value;

use crate::asked::{Place, Test};
use crate::node::Node;
use crate::path::Path;
use crate::report::{Invalid, Report, Violation};
use crate::rules::{Draft, Resources, Rules, Unsupported};
use crate::view::View;

/// A schema, compiled when it is first needed.
pub struct Guard {
    document: &'static str,
    pointer: &'static str,
    draft: Draft,
    /// Whether the guarded type sees to its kind, its fields and its items.
    has_parts: bool,
    compiled: OnceLock<Option<Rules>>,
}

impl Guard {
    /// The schema at `pointer` of `document`, which is JSON.
    #[must_use]
    pub const fn new(document: &'static str, pointer: &'static str, draft: Draft) -> Self {
        Self {
            document,
            pointer,
            draft,
            has_parts: false,
            compiled: OnceLock::new(),
        }
    }

    /// What the schema says beside `type`, `properties`, `required`,
    /// `additionalProperties` and `items`, which the guarded type enforces.
    #[must_use]
    pub const fn beside_parts(document: &'static str, pointer: &'static str, draft: Draft) -> Self {
        Self {
            document,
            pointer,
            draft,
            has_parts: true,
            compiled: OnceLock::new(),
        }
    }

    /// Whether a value keeps to the schema; why not does not matter.
    pub fn holds(&self, value: &dyn View) -> bool {
        self.rules().is_some_and(|it| it.holds(value))
    }

    /// The same of a value that can only be looked at as what it encodes to.
    pub fn holds_encoded(&self, value: &impl Serialize) -> bool {
        Node::encode(value).is_ok_and(|node| self.holds(&node))
    }

    /// Checks `value` against the schema.
    ///
    /// The generator has compiled every schema that it guards a type with; one
    /// that does not compile all the same would accept nothing.
    pub fn check(&self, value: &dyn View, at: Path<'_>, report: &mut Report) -> Option<()> {
        match self.rules() {
            Some(rules) => rules.check(value, at, report),
            None => report.violation(at, "$ref", value, "a schema that can be compiled"),
        }
    }

    fn rules(&self) -> Option<&Rules> {
        let compiled = self.compiled.get_or_init(|| {
            let document: Value = serde_json::from_str(self.document).ok()?;
            let compile = match self.has_parts {
                true => Rules::compile_beside_parts,
                false => Rules::compile,
            };
            compile(&document, self.pointer, self.draft).ok()
        });
        compiled.as_ref()
    }

    /// Checks a value that was put together in Rust.
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

/// The rules of a schema, for a generator to ask about values of its own, or to write in
/// Rust what they ask.
pub struct Checker(Rules);

impl Checker {
    /// Compiles the schema at `pointer` of `document`.
    ///
    /// # Errors
    ///
    /// The keyword that can't be compiled, and where it stands.
    pub fn new(document: &Value, pointer: &str, draft: Draft) -> Result<Self, Unsupported> {
        Rules::compile(document, pointer, draft).map(Self)
    }

    /// Compiles what a [`Guard::beside_parts`] checks.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new).
    pub fn beside_parts(
        document: &Value,
        pointer: &str,
        draft: Draft,
    ) -> Result<Self, Unsupported> {
        Rules::compile_beside_parts(document, pointer, draft).map(Self)
    }

    /// What to ask of a value to tell whether the schema accepts it; `None` where that is
    /// not said in one piece.
    #[must_use]
    pub fn test(&self) -> Option<&Test> {
        self.0.test()
    }

    /// Where the schema that has a rule stands in its document, and the keywords that say
    /// it; `None` where they apply other schemas.
    #[must_use]
    pub fn source(&self, rule: Place) -> Option<(&str, &'static [&'static str])> {
        self.0.source(rule)
    }

    /// Every rule of the schema that `value` breaks; none where it accepts it.
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
        self.0.holds(value)
    }
}

/// Where the references of a document lead.
#[derive(Debug)]
pub struct References(Resources);

impl References {
    /// Finds the identifiers and anchors of a document.
    #[must_use]
    pub fn of(document: &Value, draft: Draft) -> Self {
        Self(Resources::of_document(document, draft))
    }

    /// The JSON pointer that `reference`, in the schema at `pointer`, leads to.
    #[must_use]
    pub fn target(&self, pointer: &str, reference: &str) -> Option<String> {
        self.0.target(self.0.resource(pointer), reference)
    }

    /// Whether the document has dynamic anchors.
    #[must_use]
    pub fn has_dynamic(&self) -> bool {
        !self.0.dynamic.is_empty()
    }

    /// Whether parts of the document have base URIs of their own.
    #[must_use]
    pub fn has_parts(&self) -> bool {
        self.0.list.len() > 1
    }
}

impl fmt::Debug for Checker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Checker")
    }
}
