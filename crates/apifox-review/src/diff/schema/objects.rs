//! What is asked of objects: their properties, which are required, and which may
//! be there at all.

use apifox_document::pointer::JsonPointerExt as _;
use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::flat::{Flat, dependencies};
use super::goals::{Goal, missing};
use super::include::Comparison;
use super::kinds::Kinds;
use super::node::{Id, Literal, sorted};
use super::obstacle::{Obstacle, What};

/// The names that have no schema of their own.
#[derive(Clone, Copy)]
enum Others<'n> {
    /// Those that match none of these patterns.
    Beside(&'n [String]),
    /// Those that match this one.
    Matching(&'n str),
}

impl<'d> Comparison<'d> {
    pub(super) fn of_objects(&mut self, flat: &Flat<'d>, goal: Goal<'d, '_>) -> Vec<Obstacle> {
        if !flat.kinds.meets(Kinds::OBJECT) {
            return Vec::new();
        }
        match goal.keyword {
            "required" => {
                let names = goal.value.as_array().into_iter().flatten();
                let names = names.filter_map(Value::as_str);
                let lacking = names.filter(|it| !flat.required.contains(*it));
                lacking.map(|it| missing(flat, goal.schema, it)).collect()
            }
            "minProperties" | "maxProperties" => self.member_count(flat, goal),
            "propertyNames" => self.names(flat, goal),
            "properties" | "patternProperties" | "additionalProperties" => {
                let names = ["properties", "patternProperties", "additionalProperties"];
                let first = names.into_iter().find(|it| goal.keywords.contains_key(*it));
                match first == Some(goal.keyword) {
                    true => self.members(flat, goal),
                    false => Vec::new(),
                }
            }
            _ => self.dependent(flat, goal),
        }
    }

    /// All properties at once, whichever keyword comes first.
    fn members(&mut self, flat: &Flat<'d>, goal: Goal<'d, '_>) -> Vec<Obstacle> {
        if flat.members.most == Some(0) {
            return Vec::new();
        }
        let mut names: BTreeSet<&str> = flat.required.iter().map(String::as_str).collect();
        let facets = flat.facets.iter().map(|(_, it)| *it);
        for keywords in facets.chain([goal.keywords]) {
            names.extend(named(keywords));
        }
        let mut found = Vec::new();
        for name in names {
            found.extend(self.member(flat, goal, name));
        }
        found.extend(self.other_members(flat, goal));
        found
    }

    fn member(&mut self, flat: &Flat<'d>, goal: Goal<'d, '_>, name: &str) -> Vec<Obstacle> {
        let Some(small) = self.at_property(flat, name) else {
            return Vec::new();
        };
        let step = "".child(name);
        let bigs = self.of_member(goal.schema, goal.keywords, name);
        let mut found = Vec::new();
        for big in bigs {
            let obstacles = self.within(small.clone(), big, &step);
            let is_new = small.is_empty()
                && !flat.required.contains(name)
                && named(goal.keywords).any(|it| it == name)
                && self.nodes.value(big) != Some(&Value::Bool(false));
            match is_new && !obstacles.is_empty() {
                false => found.extend(obstacles),
                true => found.push(Obstacle {
                    path: step.clone(),
                    keyword: "properties".into(),
                    accepts: flat.origin("properties"),
                    refuses: Some(big),
                    what: What::Undeclared,
                }),
            }
        }
        found
    }

    /// The properties that neither side has a schema of their own for.
    fn other_members(&mut self, flat: &Flat<'d>, goal: Goal<'d, '_>) -> Vec<Obstacle> {
        let patterns = patterns(goal.keywords);
        let mut found = Vec::new();
        for pattern in &patterns {
            let step = "patternProperties".child(pattern);
            let Some(big) = self.nodes.below(goal.schema, &step) else {
                continue;
            };
            let small = self.at_others(flat, Others::Matching(pattern));
            found.extend(self.within(small, big, &"".child(pattern)));
        }
        if goal.keywords.contains_key("additionalProperties")
            && let Some(big) = self.nodes.below(goal.schema, "additionalProperties")
        {
            let small = self.at_others(flat, Others::Beside(&patterns));
            found.extend(self.within(small, big, "/*"));
        }
        found
    }

    /// What holds of a property; `None` where an object can't have it.
    pub(super) fn at_property(&mut self, flat: &Flat<'d>, name: &str) -> Option<Vec<Literal>> {
        let mut literals = Vec::new();
        for (id, keywords) in &flat.facets {
            let mut of = self.of_member(*id, keywords, name);
            of.retain(|it| self.nodes.value(*it) != Some(&Value::Bool(true)));
            literals.extend(of.into_iter().map(Literal::yes));
            if keywords.contains_key("propertyNames")
                && let Some(names) = self.nodes.below(*id, "propertyNames")
                && self.nodes.accepts(names, &name.into()) == Some(false)
            {
                return None;
            }
        }
        Some(sorted(literals))
    }

    /// The schemas that one schema has for a property.
    fn of_member(&mut self, id: Id, keywords: &Map<String, Value>, name: &str) -> Vec<Id> {
        let mut found = Vec::new();
        if named(keywords).any(|it| it == name) {
            let step = "properties".child(name);
            found.extend(self.nodes.below(id, &step));
        }
        for pattern in patterns(keywords) {
            if self.nodes.matches(&pattern, name) == Some(true) {
                let step = "patternProperties".child(&pattern);
                found.extend(self.nodes.below(id, &step));
            }
        }
        if found.is_empty() && keywords.contains_key("additionalProperties") {
            found.extend(self.nodes.below(id, "additionalProperties"));
        }
        found
    }

    fn at_others(&mut self, flat: &Flat<'d>, others: Others<'_>) -> Vec<Literal> {
        let mut literals = Vec::new();
        for (id, keywords) in &flat.facets {
            literals.extend(self.of_others_in(*id, keywords, others).map(Literal::yes));
        }
        sorted(literals)
    }

    /// What one schema says of properties that it does not name, if it says
    /// anything of each.
    fn of_others_in(
        &mut self,
        id: Id,
        keywords: &Map<String, Value>,
        others: Others<'_>,
    ) -> Option<Id> {
        let own = patterns(keywords);
        let step = |it: &String| "patternProperties".child(it);
        if let Others::Matching(pattern) = others
            && let Some(same) = own.iter().find(|it| *it == pattern)
        {
            return self.nodes.below(id, &step(same));
        }
        keywords.get("additionalProperties")?;
        let mut any = vec![self.nodes.below(id, "additionalProperties")?];
        let is_beside = |it: &&String| match others {
            Others::Beside(excluded) => !excluded.contains(it),
            Others::Matching(_) => true,
        };
        for pattern in own.iter().filter(is_beside) {
            any.extend(self.nodes.below(id, &step(pattern)));
        }
        Some(self.nodes.union(any))
    }

    fn member_count(&mut self, flat: &Flat<'d>, goal: Goal<'d, '_>) -> Vec<Obstacle> {
        let mut own = flat.members;
        own.least = own.least.max(flat.required.len() as u64);
        if let Some(names) = self.closed(flat) {
            let most = names.len() as u64;
            own.most = Some(own.most.map_or(most, |it| it.min(most)));
        }
        if own.keeps(goal.keyword, goal.value) {
            return Vec::new();
        }
        let limit = flat.members.limit(goal.keyword);
        goal.limited(flat, limit.map(|it| it.to_string()))
    }

    /// The names that an object may have, where it may have no others.
    fn closed(&mut self, flat: &Flat<'d>) -> Option<Vec<String>> {
        let is_closed = |(_, it): &&(Id, &Map<String, Value>)| {
            it.get("additionalProperties") == Some(&Value::Bool(false)) && patterns(it).is_empty()
        };
        let (_, keywords) = flat.facets.iter().find(is_closed)?;
        let mut names = Vec::new();
        for name in named(keywords) {
            if self.at_property(flat, name).is_some() {
                names.push(name.to_owned());
            }
        }
        Some(names)
    }

    fn names(&mut self, flat: &Flat<'d>, goal: Goal<'d, '_>) -> Vec<Obstacle> {
        let Some(big) = self.nodes.below(goal.schema, "propertyNames") else {
            return Vec::new();
        };
        if let Some(names) = self.closed(flat) {
            let refuses = |it: &String| self.nodes.accepts(big, &it.as_str().into()) != Some(true);
            let refused: Vec<String> = names.into_iter().filter(refuses).collect();
            return match refused.is_empty() {
                true => Vec::new(),
                false => goal.missed(flat, What::Values(refused)),
            };
        }
        let mut small = vec![Literal::yes(self.nodes.kinds(Kinds::STRING))];
        for (id, keywords) in &flat.facets {
            if keywords.contains_key("propertyNames") {
                small.extend(self.nodes.below(*id, "propertyNames").map(Literal::yes));
            }
        }
        self.within(sorted(small), big, "/*")
    }

    fn dependent(&mut self, flat: &Flat<'d>, goal: Goal<'d, '_>) -> Vec<Obstacle> {
        let mut found = Vec::new();
        for (name, needs) in dependencies(&mut self.nodes, goal.schema, goal.keywords) {
            let has = Literal::yes(self.nodes.has(&name));
            let case = flat.clone().and(&mut self.nodes, &[has]);
            if self.is_never(&case) {
                continue;
            }
            for need in needs {
                found.extend(self.holds(&case, need));
            }
        }
        for obstacle in &mut found {
            obstacle.keyword = goal.keyword.to_owned();
            obstacle.refuses = Some(goal.schema);
        }
        found
    }
}

/// The properties that a schema names.
fn named(keywords: &Map<String, Value>) -> impl Iterator<Item = &str> {
    let properties = keywords.get("properties").and_then(Value::as_object);
    properties
        .into_iter()
        .flat_map(Map::keys)
        .map(String::as_str)
}

fn patterns(keywords: &Map<String, Value>) -> Vec<String> {
    let patterns = keywords.get("patternProperties").and_then(Value::as_object);
    patterns.into_iter().flat_map(Map::keys).cloned().collect()
}
