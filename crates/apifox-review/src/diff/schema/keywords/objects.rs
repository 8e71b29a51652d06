//! What is required of objects: their properties, which are required, and which are allowed
//! at all.

use std::collections::HashSet;
use std::rc::Rc;

use serde_json::{Map, Value};

use super::requirement::Requirement;
use crate::diff::schema::conjunction::{Conjunction, dependencies};
use crate::diff::schema::inclusion::SchemaComparison;
use crate::diff::schema::kinds::Kinds;
use crate::diff::schema::mismatch::{Mismatch, MismatchKind, Reason, missing};
use crate::diff::schema::node::{Literal, NodeId, sorted};
use apifox_document::pointer::{JsonPointerExt as _, member};

/// The properties that are not named.
#[derive(Clone, Copy)]
enum Unnamed<'n> {
    /// Those that match none of these patterns.
    Unmatched(&'n [String]),
    /// Those that match this pattern.
    Matching(&'n str),
}

impl<'d> SchemaComparison<'d> {
    pub(super) fn object_mismatches(&mut self, requirement: Requirement<'d, '_>) -> Vec<Mismatch> {
        let small = requirement.small;
        if !small.kinds.intersects(Kinds::OBJECT) {
            return Vec::new();
        }
        match requirement.keyword {
            "required" => self.required_mismatches(requirement),
            "minProperties" | "maxProperties" => self.count_mismatches(requirement),
            "propertyNames" => self.name_mismatches(requirement),
            // All properties are compared at once, for the first of these keywords.
            "properties" | "patternProperties" | "additionalProperties" => {
                let keywords = ["properties", "patternProperties", "additionalProperties"];
                match requirement.is_first_of(&keywords) {
                    true => self.property_mismatches(requirement),
                    false => Vec::new(),
                }
            }
            _ => self.dependency_mismatches(requirement),
        }
    }

    fn property_mismatches(&mut self, requirement: Requirement<'d, '_>) -> Vec<Mismatch> {
        let small = requirement.small;
        if small.members.most == Some(0) {
            return Vec::new();
        }
        let required: Vec<&str> = small.required.iter().copied().collect();
        let ids = small.schemas.iter().map(|(id, _)| *id);
        let named = ids.chain([requirement.schema]);
        let named: Vec<Rc<[&str]>> = named.map(|id| self.nodes.property_names(id)).collect();
        let mut rest: Vec<&[&str]> = named.iter().map(|names| &**names).collect();
        rest.push(&required);
        let mut found = Vec::new();
        while let Some(name) = next_name(&mut rest) {
            found.extend(self.named_mismatches(requirement, name));
            if self.has_enough(&found) {
                return found;
            }
        }
        found.extend(self.unnamed_mismatches(requirement));
        found
    }

    fn required_mismatches(&mut self, requirement: Requirement<'d, '_>) -> Vec<Mismatch> {
        let small = requirement.small;
        let names = requirement.value.as_array().into_iter().flatten();
        names
            .filter_map(Value::as_str)
            .filter(|name| !small.required.contains(*name))
            .map(|name| self.missing(small, requirement.schema, name))
            .collect()
    }

    /// That a schema requires a property which values accepted by a conjunction may lack.
    pub(super) fn missing(
        &mut self,
        small: &Conjunction<'d>,
        refuses: NodeId,
        name: &str,
    ) -> Mismatch {
        self.at(&"".child(name), &missing(small.origin("required"), refuses))
    }

    /// A mismatch, told of a value that these steps lead out of.
    pub(super) fn at(&mut self, steps: &str, mismatch: &Mismatch) -> Mismatch {
        let steps = self.paths.steps(steps);
        mismatch.nested(&mut self.paths, &steps)
    }

    /// The mismatches of a property that either side names.
    fn named_mismatches(&mut self, requirement: Requirement<'d, '_>, name: &str) -> Vec<Mismatch> {
        let small = requirement.small;
        let Some(literals) = self.property_literals(small, name) else {
            return Vec::new();
        };
        let is_named = || has_property(requirement.keywords, name);
        let is_new = literals.is_empty() && !small.required.contains(name) && is_named();
        let step = "".child(name);
        let mut found = Vec::new();
        for big in self.property_schemas(requirement.schema, requirement.keywords, name) {
            let mismatches = self.nested_mismatches(literals.clone(), big, &step);
            let is_allowed = self.nodes.value(big) != Some(&Value::Bool(false));
            match is_new && is_allowed && !mismatches.is_empty() {
                false => found.extend(mismatches),
                true => {
                    let is_elsewhere = self.is_in_alternatives(small, name);
                    let reason = Reason {
                        refuses: Some(big),
                        accepts: small.origin("properties"),
                        keyword: "properties".into(),
                        kind: match is_elsewhere {
                            true => MismatchKind::PartlyDeclared,
                            false => MismatchKind::Undeclared,
                        },
                    };
                    found.push(self.at(&step, &Mismatch::new(reason)));
                }
            }
        }
        found
    }

    /// Whether an alternative of a conjunction names a property, though not one that applies.
    fn is_in_alternatives(&mut self, small: &Conjunction<'d>, name: &str) -> bool {
        let mut pending: Vec<NodeId> = small.schemas.iter().map(|(id, _)| *id).collect();
        let mut seen: HashSet<NodeId> = pending.iter().copied().collect();
        while let Some(id) = pending.pop() {
            if self.nodes.property_names(id).contains(&name) {
                return true;
            }
            let mut within = Vec::from_iter(self.nodes.reference_target(id));
            for keyword in ["allOf", "anyOf", "oneOf"] {
                within.extend(self.nodes.subschemas(id, keyword));
            }
            for keyword in ["then", "else"] {
                within.extend(self.nodes.subschema(id, keyword));
            }
            pending.extend(within.into_iter().filter(|id| seen.insert(*id)));
        }
        false
    }

    /// The mismatches of properties that neither side names.
    fn unnamed_mismatches(&mut self, requirement: Requirement<'d, '_>) -> Vec<Mismatch> {
        let small = requirement.small;
        let patterns = patterns(requirement.keywords);
        let mut found = Vec::new();
        for pattern in &patterns {
            let step = "patternProperties".child(pattern);
            let Some(big) = self.nodes.subschema(requirement.schema, &step) else {
                continue;
            };
            let literals = self.unnamed_literals(small, Unnamed::Matching(pattern));
            found.extend(self.nested_mismatches(literals, big, &"".child(pattern)));
        }
        if member(requirement.keywords, "additionalProperties").is_some()
            && let Some(big) = (self.nodes).subschema(requirement.schema, "additionalProperties")
        {
            let literals = self.unnamed_literals(small, Unnamed::Unmatched(&patterns));
            found.extend(self.nested_mismatches(literals, big, "/*"));
        }
        found
    }

    /// The literals that a property has to fit; `None` where an object can't have it.
    pub(in crate::diff::schema) fn property_literals(
        &mut self,
        small: &Conjunction<'d>,
        name: &str,
    ) -> Option<Vec<Literal>> {
        let mut literals = Vec::new();
        for (id, keywords) in &small.schemas {
            if !self.nodes.subjects(*id).are_properties {
                continue;
            }
            for schema in self.property_schemas(*id, keywords, name) {
                if self.nodes.value(schema) != Some(&Value::Bool(true)) {
                    literals.push(Literal::positive(schema));
                }
            }
            if member(keywords, "propertyNames").is_some()
                && let Some(names) = self.nodes.subschema(*id, "propertyNames")
                && self.nodes.accepts(names, &name.into()) == Some(false)
            {
                return None;
            }
        }
        Some(sorted(literals))
    }

    /// The schemas that one schema has for a property.
    fn property_schemas(
        &mut self,
        id: NodeId,
        keywords: &Map<String, Value>,
        name: &str,
    ) -> Vec<NodeId> {
        let mut found = Vec::from_iter(self.nodes.named_subschema(id, "properties", name));
        for pattern in patterns(keywords) {
            if self.nodes.matches(&pattern, name) == Some(true) {
                let step = "patternProperties".child(&pattern);
                found.extend(self.nodes.subschema(id, &step));
            }
        }
        if found.is_empty() && member(keywords, "additionalProperties").is_some() {
            found.extend(self.nodes.subschema(id, "additionalProperties"));
        }
        found
    }

    /// The literals that all of these properties have to fit.
    fn unnamed_literals(&mut self, small: &Conjunction<'d>, names: Unnamed<'_>) -> Vec<Literal> {
        let mut literals = Vec::new();
        for (id, keywords) in &small.schemas {
            let schema = self.unnamed_schema(*id, keywords, names);
            literals.extend(schema.map(Literal::positive));
        }
        sorted(literals)
    }

    /// The schema that one schema has for all of these properties, if it has one.
    fn unnamed_schema(
        &mut self,
        id: NodeId,
        keywords: &Map<String, Value>,
        names: Unnamed<'_>,
    ) -> Option<NodeId> {
        let own = patterns(keywords);
        let step = |pattern: &String| "patternProperties".child(pattern);
        if let Unnamed::Matching(pattern) = names
            && let Some(same) = own.iter().find(|own| *own == pattern)
        {
            return self.nodes.subschema(id, &step(same));
        }
        member(keywords, "additionalProperties")?;
        let mut any = vec![self.nodes.subschema(id, "additionalProperties")?];
        let may_match = |pattern: &&String| match names {
            Unnamed::Unmatched(excluded) => !excluded.contains(pattern),
            Unnamed::Matching(_) => true,
        };
        for pattern in own.iter().filter(may_match) {
            any.extend(self.nodes.subschema(id, &step(pattern)));
        }
        Some(self.nodes.union(any))
    }

    fn count_mismatches(&mut self, requirement: Requirement<'d, '_>) -> Vec<Mismatch> {
        let small = requirement.small;
        let mut counts = small.members;
        counts.least = counts.least.max(small.required.len() as u64);
        if let Some(names) = self.allowed_names(small) {
            let most = names.len() as u64;
            counts.most = Some(counts.most.map_or(most, |own| own.min(most)));
        }
        if counts.is_within(requirement.keyword, requirement.value) {
            return Vec::new();
        }
        let limit = small.members.limit(requirement.keyword);
        requirement.limit_mismatch(limit.map(|limit| limit.to_string()))
    }

    /// The names that an object may have, if it may have no others.
    fn allowed_names(&mut self, small: &Conjunction<'d>) -> Option<Vec<String>> {
        let is_closed = |keywords: &&&Map<String, Value>| {
            member(keywords, "additionalProperties") == Some(&Value::Bool(false))
                && patterns(keywords).is_empty()
        };
        let mut keywords = small.schemas.iter().map(|(_, keywords)| keywords);
        let mut names = Vec::new();
        for name in property_names(keywords.find(is_closed)?) {
            if self.property_literals(small, name).is_some() {
                names.push(name.to_owned());
            }
        }
        Some(names)
    }

    fn name_mismatches(&mut self, requirement: Requirement<'d, '_>) -> Vec<Mismatch> {
        let small = requirement.small;
        let Some(big) = self.nodes.subschema(requirement.schema, "propertyNames") else {
            return Vec::new();
        };
        if let Some(mut names) = self.allowed_names(small) {
            names.retain(|name| self.nodes.accepts(big, &name.as_str().into()) != Some(true));
            return match names.is_empty() {
                true => Vec::new(),
                false => requirement.mismatch(MismatchKind::Values(names)),
            };
        }
        let mut literals = vec![Literal::positive(self.nodes.kinds(Kinds::STRING))];
        for (id, keywords) in &small.schemas {
            if member(keywords, "propertyNames").is_some() {
                let names = self.nodes.subschema(*id, "propertyNames");
                literals.extend(names.map(Literal::positive));
            }
        }
        self.nested_mismatches(sorted(literals), big, "/*")
    }

    fn dependency_mismatches(&mut self, requirement: Requirement<'d, '_>) -> Vec<Mismatch> {
        let small = requirement.small;
        let mut found = Vec::new();
        let dependencies = dependencies(&mut self.nodes, requirement.schema, requirement.keywords);
        for (name, needed) in dependencies {
            let has = Literal::positive(self.nodes.has(name));
            let case = small.clone().and(&mut self.nodes, &[has]);
            if self.accepts_nothing(&case) {
                continue;
            }
            for schema in needed {
                found.extend(self.conjunction_mismatches(&case, schema));
            }
        }
        let of_this = |reason: &mut Reason| {
            reason.keyword = requirement.keyword.to_owned();
            reason.refuses = Some(requirement.schema);
        };
        found.iter().map(|found| found.with(of_this)).collect()
    }
}

/// The first of the names in sorted lists, which is taken out of all of them.
fn next_name<'n>(lists: &mut [&[&'n str]]) -> Option<&'n str> {
    let first = lists.iter().filter_map(|names| names.first());
    let next = *first.min()?;
    for names in lists {
        if let [first, rest @ ..] = names
            && *first == next
        {
            *names = rest;
        }
    }
    Some(next)
}

/// The properties that a schema names.
fn property_names(keywords: &Map<String, Value>) -> impl Iterator<Item = &str> {
    let properties = member(keywords, "properties").and_then(Value::as_object);
    properties
        .into_iter()
        .flat_map(Map::keys)
        .map(String::as_str)
}

/// Whether a schema names a property.
fn has_property(keywords: &Map<String, Value>, name: &str) -> bool {
    let properties = member(keywords, "properties").and_then(Value::as_object);
    properties.is_some_and(|properties| properties.contains_key(name))
}

fn patterns(keywords: &Map<String, Value>) -> Vec<String> {
    let patterns = member(keywords, "patternProperties").and_then(Value::as_object);
    patterns.into_iter().flat_map(Map::keys).cloned().collect()
}
