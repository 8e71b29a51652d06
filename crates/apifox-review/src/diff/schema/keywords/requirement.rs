//! One keyword of a schema, as a requirement.

use serde_json::{Map, Value};

use crate::diff::schema::conjunction::Conjunction;
use crate::diff::schema::mismatch::{Mismatch, MismatchKind};
use crate::diff::schema::node::NodeId;
use apifox_document::diagnostics::shortened;

/// One keyword of a schema, and the values that have to meet it.
#[derive(Clone, Copy)]
pub(super) struct Requirement<'d, 'k> {
    /// The schemas that accept the values.
    pub small: &'k Conjunction<'d>,
    pub schema: NodeId,
    /// All keywords of the schema.
    pub keywords: &'d Map<String, Value>,
    pub keyword: &'k str,
    pub value: &'d Value,
}

impl Requirement<'_, '_> {
    /// That some of the values don't meet this.
    pub fn mismatch(&self, kind: MismatchKind) -> Vec<Mismatch> {
        vec![Mismatch {
            path: String::new(),
            keyword: self.keyword.to_owned(),
            accepts: self.small.origin(self.keyword),
            refuses: Some(self.schema),
            kind,
        }]
    }

    /// The same, where they have another limit, or none.
    pub fn limit_mismatch(&self, has: Option<String>) -> Vec<Mismatch> {
        let wants = shortened(self.value);
        self.mismatch(MismatchKind::Limit { has, wants })
    }

    /// The same, where they may have another value of the keyword; nothing
    /// where `is_met`.
    pub fn value_mismatch(&self, is_met: bool) -> Vec<Mismatch> {
        let own = || self.small.keyword_value(self.keyword).map(shortened);
        match is_met {
            true => Vec::new(),
            false => self.limit_mismatch(own()),
        }
    }

    /// Whether this is the first of some keywords that are compared together.
    pub fn is_first_of(&self, keywords: &[&str]) -> bool {
        let mut keywords = keywords.iter();
        let first = keywords.find(|name| self.keywords.contains_key(**name));
        first.is_some_and(|first| *first == self.keyword)
    }
}
