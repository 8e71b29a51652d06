//! Compiled schemas.

use jsonptr::PointerBuf;

use crate::validate::rules::rule::{Id, Rule, RuleId, SchemaRules};

/// A compiled schema and all those that it refers to.
pub(crate) struct CompiledSchema {
    pub schemas: Vec<SchemaRules>,
    /// Where each schema is in its document.
    pub pointers: Vec<PointerBuf>,
    /// The dynamic anchors of each schema resource.
    pub dynamic_anchors: Vec<Vec<(String, Id)>>,
    /// The schema that instances are checked against.
    pub start: Id,
    /// Whether no schema has a dynamic anchor: what a schema means does not depend on how
    /// it was reached.
    pub is_static: bool,
    /// Whether some schema has `unevaluatedItems` or `unevaluatedProperties`, so that it
    /// is tracked what was evaluated.
    pub tracks: bool,
}

impl CompiledSchema {
    /// The JSON pointer to the schema of a rule and the keywords that state it; `None`
    /// where they apply other schemas.
    pub(crate) fn source(&self, id: RuleId) -> Option<(&str, &'static [&'static str])> {
        let pointer = self.pointers.get(id.0)?;
        Some((pointer.as_str(), self.rule(id).keywords()?))
    }

    pub(crate) fn rule(&self, RuleId(schema, rule): RuleId) -> &Rule {
        &self.schemas[schema].rules[rule]
    }

    /// Whether a schema is `false`.
    pub(crate) fn is_never(&self, id: Id) -> bool {
        matches!(self.schemas[id].rules[..], [Rule::Never])
    }
}
