//! What is required of arrays: their items, and how many.

use apifox_runtime::Draft;
use serde_json::{Map, Value};

use super::requirement::Requirement;
use crate::diff::schema::bounds::count;
use crate::diff::schema::conjunction::Conjunction;
use crate::diff::schema::inclusion::SchemaComparison;
use crate::diff::schema::kinds::Kinds;
use crate::diff::schema::mismatch::{Mismatch, MismatchKind};
use crate::diff::schema::node::{Literal, NodeId, sorted};
use apifox_document::pointer::JsonPointerExt as _;

impl<'d> SchemaComparison<'d> {
    pub(super) fn array_mismatches(&mut self, requirement: Requirement<'d, '_>) -> Vec<Mismatch> {
        let small = requirement.small;
        if !small.kinds.intersects(Kinds::ARRAY) {
            return Vec::new();
        }
        match requirement.keyword {
            "minItems" | "maxItems" => {
                if small
                    .items
                    .is_within(requirement.keyword, requirement.value)
                {
                    return Vec::new();
                }
                let limit = small.items.limit(requirement.keyword);
                requirement.limit_mismatch(limit.map(|limit| limit.to_string()))
            }
            "uniqueItems" => {
                let has_one = small.items.most.is_some_and(|most| most <= 1);
                let is_met = requirement.value == false || small.is_unique || has_one;
                requirement.value_mismatch(is_met)
            }
            // All items are compared at once, for the first of these keywords.
            "items" | "additionalItems" | "prefixItems"
                if requirement.is_first_of(&["prefixItems", "items", "additionalItems"]) =>
            {
                self.item_mismatches(requirement)
            }
            "contains" => self.contains_mismatches(requirement),
            _ => Vec::new(),
        }
    }

    fn item_mismatches(&mut self, requirement: Requirement<'d, '_>) -> Vec<Mismatch> {
        let small = requirement.small;
        let (prefix, rest) = self.item_schemas(requirement.schema, requirement.keywords);
        let longest = self.longest_prefix(small).max(prefix.len());
        let may_have = |index: usize| small.items.most.is_none_or(|most| most > index as u64);
        let mut found = Vec::new();
        for index in (0..longest).filter(|index| may_have(*index)) {
            if let Some(big) = prefix.get(index).copied().or(rest) {
                let small = self.item_literals(small, Some(index));
                found.extend(self.nested_mismatches(small, big, &"".child(index)));
            }
        }
        if let Some(big) = rest.filter(|_| may_have(longest)) {
            let small = self.item_literals(small, None);
            found.extend(self.nested_mismatches(small, big, "/*"));
        }
        found
    }

    /// The schemas of the first items, and that of the items after them.
    fn item_schemas(
        &mut self,
        id: NodeId,
        keywords: &Map<String, Value>,
    ) -> (Vec<NodeId>, Option<NodeId>) {
        let is_list = |name: &str| keywords.get(name).is_some_and(Value::is_array);
        let (prefix, rest) = match self.nodes.draft(id) {
            Draft::Latest => ("prefixItems", "items"),
            Draft::Seven if is_list("items") => ("items", "additionalItems"),
            Draft::Seven => ("", "items"),
        };
        let prefix = match is_list(prefix) {
            true => self.nodes.subschemas(id, prefix),
            false => Vec::new(),
        };
        let rest = keywords
            .get(rest)
            .and_then(|_| self.nodes.subschema(id, rest));
        (prefix, rest)
    }

    /// How many of the first items have schemas of their own.
    fn longest_prefix(&mut self, small: &Conjunction<'d>) -> usize {
        let prefixes = small
            .schemas
            .iter()
            .map(|(id, keywords)| self.item_schemas(*id, keywords).0.len());
        prefixes.max().unwrap_or(0)
    }

    /// The literals that the item at an index has to fit; or those that the items after
    /// the first ones have to.
    pub(in crate::diff::schema) fn item_literals(
        &mut self,
        small: &Conjunction<'d>,
        index: Option<usize>,
    ) -> Vec<Literal> {
        let mut literals = Vec::new();
        for (id, keywords) in &small.schemas {
            let (prefix, rest) = self.item_schemas(*id, keywords);
            let own = index.and_then(|index| prefix.get(index).copied()).or(rest);
            literals.extend(own.map(Literal::positive));
        }
        sorted(literals)
    }

    fn contains_mismatches(&mut self, requirement: Requirement<'d, '_>) -> Vec<Mismatch> {
        let small = requirement.small;
        let Some(wanted) = self.nodes.subschema(requirement.schema, "contains") else {
            return Vec::new();
        };
        let (least, most) = self.contains_counts(requirement.schema, requirement.keywords);
        let items = small.items;
        let mut has_enough =
            least == 0 || items.least >= least && self.is_every_item(small, wanted);
        let mut has_no_more = most.is_none_or(|most| items.most.is_some_and(|own| own <= most));
        for (id, keywords) in &small.schemas {
            let own = keywords.get("contains");
            let Some(own) = own.and_then(|_| self.nodes.subschema(*id, "contains")) else {
                continue;
            };
            let (own_least, own_most) = self.contains_counts(*id, keywords);
            has_enough |= own_least >= least && self.includes(wanted, own);
            has_no_more |= own_most.zip(most).is_some_and(|(own, most)| own <= most)
                && self.includes(own, wanted);
        }
        let why = "what an array has to contain differs";
        match has_enough && has_no_more {
            true => Vec::new(),
            false => requirement.mismatch(MismatchKind::Unclear(why)),
        }
    }

    /// How many items have to fit `contains`, and how many may.
    fn contains_counts(&self, id: NodeId, keywords: &Map<String, Value>) -> (u64, Option<u64>) {
        match self.nodes.draft(id) {
            Draft::Seven => (1, None),
            Draft::Latest => (
                keywords.get("minContains").and_then(count).unwrap_or(1),
                keywords.get("maxContains").and_then(count),
            ),
        }
    }

    /// Whether every item fits a schema.
    fn is_every_item(&mut self, small: &Conjunction<'d>, wanted: NodeId) -> bool {
        let longest = self.longest_prefix(small);
        (0..longest).map(Some).chain([None]).all(|index| {
            let item = self.item_literals(small, index);
            self.mismatches(item, wanted, "/*").is_empty()
        })
    }

    /// Whether `big` accepts everything that `small` accepts.
    fn includes(&mut self, big: NodeId, small: NodeId) -> bool {
        let small = vec![Literal::positive(small)];
        self.mismatches(small, big, "/*").is_empty()
    }
}
