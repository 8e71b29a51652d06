//! Schemas after they were compiled.

use std::sync::OnceLock;

use jsonptr::PointerBuf;

use crate::validate::rules::plan::{Plan, Predicate};
use crate::validate::rules::rule::{Id, Rule, RuleId, SchemaRules};

/// A compiled schema, with all that it refers to.
pub(crate) struct CompiledSchema {
    pub schemas: Vec<SchemaRules>,
    /// Where each schema stands in its document.
    pub pointers: Vec<PointerBuf>,
    /// The dynamic anchors of each schema resource.
    pub dynamic_anchors: Vec<Vec<(String, Id)>>,
    /// The schema that instances are checked against.
    pub start: Id,
    /// Whether no schema has a dynamic anchor: the way to a schema has no say in what
    /// it means.
    pub is_static: bool,
    /// Whether some schema asks what others have left unevaluated.
    pub tracks: bool,
    /// How to tell that a value keeps to the rules, once somebody has asked.
    pub plan: OnceLock<Plan>,
}

impl CompiledSchema {
    /// What to ask of a value to tell whether it keeps to the rules; `None` where what a
    /// schema means depends on the way to it.
    pub(crate) fn plan(&self) -> Option<&Plan> {
        let is_plain = self.is_static && !self.tracks;
        let new_plan = || Plan::new(&self.schemas, self.start);
        is_plain.then(|| self.plan.get_or_init(new_plan))
    }

    /// The same, if it is one test and not several that refer to each other.
    pub(crate) fn predicate(&self) -> Option<&Predicate> {
        let plan = self.plan()?;
        plan.shared.is_empty().then_some(&plan.start)
    }

    /// The schema that has a rule, as a JSON pointer, and the keywords that say it; `None`
    /// where they apply other schemas.
    pub(crate) fn source(&self, place: RuleId) -> Option<(&str, &'static [&'static str])> {
        let pointer = self.pointers.get(place.0)?;
        Some((pointer.as_str(), self.rule(place).keywords()?))
    }

    pub(crate) fn rule(&self, RuleId(schema, rule): RuleId) -> &Rule {
        &self.schemas[schema].rules[rule]
    }

    /// Whether a schema is `false`.
    pub(crate) fn is_never(&self, id: Id) -> bool {
        matches!(self.schemas[id].rules[..], [Rule::Never])
    }
}
