//! What is asked of arrays: their items, how many, and which have to be there.

use apifox_document::pointer::JsonPointerExt as _;
use apifox_runtime::Draft;
use serde_json::{Map, Value};

use super::bounds::count;
use super::flat::Flat;
use super::goals::Goal;
use super::include::Comparison;
use super::kinds::Kinds;
use super::node::{Id, Literal, sorted};
use super::obstacle::{Obstacle, What};

impl<'d> Comparison<'d> {
    pub(super) fn of_arrays(&mut self, flat: &Flat<'d>, goal: Goal<'d, '_>) -> Vec<Obstacle> {
        if !flat.kinds.meets(Kinds::ARRAY) {
            return Vec::new();
        }
        match goal.keyword {
            "minItems" | "maxItems" => {
                if flat.items.keeps(goal.keyword, goal.value) {
                    return Vec::new();
                }
                let limit = flat.items.limit(goal.keyword);
                goal.limited(flat, limit.map(|it| it.to_string()))
            }
            "uniqueItems" => {
                let has_one = flat.items.most.is_some_and(|most| most <= 1);
                goal.unless(goal.value == false || flat.is_unique || has_one, flat)
            }
            // All items are looked at once, whichever keyword comes first.
            "items" | "additionalItems" | "prefixItems" => {
                let names = ["prefixItems", "items", "additionalItems"];
                let first = names.into_iter().find(|it| goal.keywords.contains_key(*it));
                match first == Some(goal.keyword) {
                    true => self.each_item(flat, goal.schema, goal.keywords),
                    false => Vec::new(),
                }
            }
            "contains" => self.contained(flat, goal),
            _ => Vec::new(),
        }
    }

    fn each_item(
        &mut self,
        flat: &Flat<'d>,
        schema: Id,
        keywords: &Map<String, Value>,
    ) -> Vec<Obstacle> {
        let (prefix, rest) = self.positions(schema, keywords);
        let mut longest = prefix.len();
        for (id, keywords) in flat.facets.clone() {
            longest = longest.max(self.positions(id, keywords).0.len());
        }
        let may_have = |at: usize| flat.items.most.is_none_or(|most| most > at as u64);
        let mut found = Vec::new();
        for at in 0..longest {
            let Some(big) = prefix.get(at).copied().or(rest).filter(|_| may_have(at)) else {
                continue;
            };
            let small = self.at_position(flat, Some(at));
            found.extend(self.within(small, big, &"".child(at)));
        }
        if let Some(big) = rest.filter(|_| may_have(longest)) {
            let small = self.at_position(flat, None);
            found.extend(self.within(small, big, "/*"));
        }
        found
    }

    /// The schemas of the first items, and of those after them.
    fn positions(&mut self, id: Id, keywords: &Map<String, Value>) -> (Vec<Id>, Option<Id>) {
        let is_list = |name: &str| keywords.get(name).is_some_and(Value::is_array);
        let (prefix, rest) = match self.nodes.draft(id) {
            Draft::Latest => ("prefixItems", "items"),
            Draft::Seven if is_list("items") => ("items", "additionalItems"),
            Draft::Seven => ("", "items"),
        };
        let prefix = match is_list(prefix) {
            true => self.nodes.list(id, prefix),
            false => Vec::new(),
        };
        let rest = keywords.get(rest).and_then(|_| self.nodes.below(id, rest));
        (prefix, rest)
    }

    /// What holds of the item at a position, or of those after all that have a
    /// schema of their own.
    pub(super) fn at_position(&mut self, flat: &Flat<'d>, at: Option<usize>) -> Vec<Literal> {
        let mut literals = Vec::new();
        for (id, keywords) in &flat.facets {
            let (prefix, rest) = self.positions(*id, keywords);
            let own = at.and_then(|at| prefix.get(at).copied()).or(rest);
            literals.extend(own.map(Literal::yes));
        }
        sorted(literals)
    }

    fn contained(&mut self, flat: &Flat<'d>, goal: Goal<'d, '_>) -> Vec<Obstacle> {
        let Some(wanted) = self.nodes.below(goal.schema, "contains") else {
            return Vec::new();
        };
        let (least, most) = self.times(goal.schema, goal.keywords);
        let mut has_enough = least == 0 || flat.items.least >= least && self.all_are(flat, wanted);
        let mut has_no_more = most.is_none_or(|most| flat.items.most.is_some_and(|it| it <= most));
        for (id, keywords) in flat.facets.clone() {
            let Some(own) = keywords
                .get("contains")
                .and_then(|_| self.nodes.below(id, "contains"))
            else {
                continue;
            };
            let (own_least, own_most) = self.times(id, keywords);
            has_enough |= own_least >= least && self.is_part(own, wanted);
            has_no_more |= own_most.zip(most).is_some_and(|(own, most)| own <= most)
                && self.is_part(wanted, own);
        }
        match has_enough && has_no_more {
            true => Vec::new(),
            false => goal.missed(flat, What::Unclear("what it has to contain differs")),
        }
    }

    /// How many items `contains` counts, at the least and at the most.
    fn times(&self, id: Id, keywords: &Map<String, Value>) -> (u64, Option<u64>) {
        match self.nodes.draft(id) {
            Draft::Seven => (1, None),
            Draft::Latest => (
                keywords.get("minContains").and_then(count).unwrap_or(1),
                keywords.get("maxContains").and_then(count),
            ),
        }
    }

    fn all_are(&mut self, flat: &Flat<'d>, wanted: Id) -> bool {
        let mut longest = 0;
        for (id, keywords) in flat.facets.clone() {
            longest = longest.max(self.positions(id, keywords).0.len());
        }
        (0..longest).map(Some).chain([None]).all(|at| {
            let small = self.at_position(flat, at);
            self.obstacles(small, wanted).is_empty()
        })
    }

    fn is_part(&mut self, small: Id, big: Id) -> bool {
        self.obstacles(vec![Literal::yes(small)], big).is_empty()
    }
}
