//! Compiled schemas.

use jsonptr::PointerBuf;

use crate::validate::rules::draft::Unsupported;
use crate::validate::rules::rule::{Id, Rule, RuleId, SchemaRules};

/// The schemas of a document that have been compiled so far, each once.
#[derive(Default)]
pub(crate) struct CompiledSchemas {
    pub schemas: Vec<SchemaRules>,
    /// Where each schema is in its document.
    pub pointers: Vec<PointerBuf>,
    /// The dynamic anchors of each schema resource; empty until something refers to one.
    pub dynamic_anchors: Vec<Vec<(String, Id)>>,
    /// Why schemas can't be compiled.
    pub faults: Vec<Unsupported>,
}

/// One of them: the schema that instances are checked against.
#[derive(Clone, Copy)]
pub(crate) struct CompiledSchema<'c> {
    pub all: &'c CompiledSchemas,
    pub start: Id,
    /// Whether what a schema means does not depend on how it was reached.
    pub is_static: bool,
    /// Whether it is tracked what was evaluated.
    pub tracks: bool,
}

impl CompiledSchemas {
    /// A schema to check instances against.
    pub(crate) fn view(&self, start: Id) -> CompiledSchema<'_> {
        let reach = self.schemas[start].reach;
        CompiledSchema {
            all: self,
            start,
            is_static: !reach.is_dynamic,
            tracks: reach.tracks,
        }
    }
}

impl<'c> CompiledSchema<'c> {
    /// The JSON pointer to the schema of a rule and the keywords that state it; `None`
    /// where they apply other schemas.
    pub(crate) fn source(&self, id: RuleId) -> Option<(&'c str, &'static [&'static str])> {
        let pointer = self.all.pointers.get(id.0)?;
        Some((pointer.as_str(), self.rule(id).keywords()?))
    }

    pub(crate) fn rule(&self, RuleId(schema, rule): RuleId) -> &'c Rule {
        &self.all.schemas[schema].rules[rule]
    }

    pub(crate) fn schema(&self, id: Id) -> &'c SchemaRules {
        &self.all.schemas[id]
    }

    /// Whether a schema is `false`.
    pub(crate) fn is_never(&self, id: Id) -> bool {
        matches!(self.schema(id).rules[..], [Rule::Never])
    }

    /// Whether no value breaks a schema, and what it evaluates does not matter.
    pub(crate) fn only_warns(&self, id: Id) -> bool {
        !self.tracks && !self.schema(id).can_break
    }
}
