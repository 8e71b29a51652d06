//! Draws objects.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::draw::drawer::Drawer;
use crate::draw::parts::{counts, property_names};
use crate::keywords::validator;

/// How many members are drawn only to have as many as a schema asks for.
const MOST_EXTRA: usize = 100;

impl<'s> Drawer<'s> {
    pub fn object(&mut self, parts: &[&'s Value], depth: usize) -> Option<Value> {
        let required = required(parts);
        let most = counts(parts, "maxProperties").min().unwrap_or(usize::MAX);
        let least = counts(parts, "minProperties").max().unwrap_or(0);
        let mut members = Map::new();
        for name in &required {
            let value = self.member(parts, name, depth)?;
            members.insert((*name).to_owned(), value);
        }
        for name in property_names(parts) {
            let is_wanted = members.len() < least || {
                let optional = self.manner.optional;
                !self.is_sparse(depth) && self.chance(optional)
            };
            if is_wanted && members.len() < most && !members.contains_key(name) {
                let value = self.member(parts, name, depth);
                members.extend(value.map(|value| (name.clone(), value)));
            }
        }
        let is_map = members.is_empty() && !self.is_sparse(depth) && self.manner.optional > 0;
        let least = least
            .max(usize::from(is_map && has_extra(parts)))
            .min(MOST_EXTRA);
        for at in 0..least.saturating_sub(members.len()) * 2 {
            if members.len() >= least.min(most) {
                break;
            }
            let Some(name) = self.extra_name(parts, at) else {
                continue;
            };
            if let Some(value) = self.member(parts, &name, depth) {
                members.insert(name, value);
            }
        }
        self.dependents(parts, &mut members, depth)?;
        Some(in_order(parts, members).into())
    }

    /// A member, by every schema that is for it.
    fn member(&mut self, parts: &[&'s Value], name: &str, depth: usize) -> Option<Value> {
        let mut schemas = Vec::new();
        for part in parts {
            let before = schemas.len();
            schemas.extend(part["properties"].get(name));
            let patterns = part["patternProperties"].as_object().into_iter().flatten();
            let matching = patterns.filter(|(pattern, _)| matches(pattern, name));
            schemas.extend(matching.map(|(_, schema)| schema));
            if schemas.len() == before {
                schemas.extend(part.get("additionalProperties"));
            }
        }
        self.draw(&schemas, name, depth + 1)
    }

    /// Adds what members that are there require of others.
    fn dependents(
        &mut self,
        parts: &[&'s Value],
        members: &mut Map<String, Value>,
        depth: usize,
    ) -> Option<()> {
        for part in parts {
            let rules = part["dependentRequired"].as_object().into_iter().flatten();
            for (name, others) in rules {
                if !members.contains_key(name) {
                    continue;
                }
                let others = others.as_array().into_iter().flatten();
                for other in others.filter_map(Value::as_str) {
                    if !members.contains_key(other) {
                        let value = self.member(parts, other, depth)?;
                        members.insert(other.to_owned(), value);
                    }
                }
            }
        }
        Some(())
    }

    /// A name that no schema states.
    fn extra_name(&mut self, parts: &[&'s Value], at: usize) -> Option<String> {
        let patterns = parts
            .iter()
            .filter_map(|part| part["patternProperties"].as_object());
        let patterns: Vec<&str> = patterns.flat_map(Map::keys).map(String::as_str).collect();
        if let Some(pattern) = self.pick(&patterns) {
            return self.by_pattern(pattern);
        }
        let names = parts.iter().filter_map(|part| part.get("propertyNames"));
        let names: Vec<&Value> = names.collect();
        if !names.is_empty() {
            // A name is a text, whether its schema says so or not.
            let parts = self.parts(&names, 0)?;
            let fixed = self
                .listed(&parts)
                .unwrap_or_else(|| self.text(&parts, "key"));
            return fixed?.as_str().map(str::to_owned);
        }
        let word = self.word();
        Some(match at {
            0 => word.to_owned(),
            _ => format!("{word}{at}"),
        })
    }
}

/// Whether objects may have members beside those that have names.
fn has_extra(parts: &[&Value]) -> bool {
    let is_open = |part: &&Value| {
        part["additionalProperties"].is_object() || part["patternProperties"].is_object()
    };
    parts.iter().any(is_open)
}

fn required<'s>(parts: &[&'s Value]) -> BTreeSet<&'s str> {
    let lists = parts.iter().filter_map(|part| part["required"].as_array());
    lists.flatten().filter_map(Value::as_str).collect()
}

/// The members in the order in which the schemas name them.
fn in_order(parts: &[&Value], mut members: Map<String, Value>) -> Map<String, Value> {
    let mut ordered = Map::new();
    for name in property_names(parts) {
        if let Some(value) = members.remove(name) {
            ordered.insert(name.clone(), value);
        }
    }
    ordered.extend(members);
    ordered
}

fn matches(pattern: &str, name: &str) -> bool {
    let schema = validator::compile(&json!({"pattern": pattern}));
    schema.is_ok_and(|schema| schema.is_valid(&name.into()))
}
