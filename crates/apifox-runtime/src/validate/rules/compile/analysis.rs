//! What all schemas together mean: which lead back to themselves, and which no value
//! breaks.

use std::collections::HashSet;

use crate::validate::rules::rule::{Id, Rule, SchemaRules};

/// A schema that refers back to itself for the same value, if there is one.
pub(super) fn recursive(schemas: &[SchemaRules]) -> Option<Id> {
    let mut done = HashSet::new();
    (0..schemas.len()).find_map(|id| circle(schemas, id, &mut Vec::new(), &mut done))
}

fn circle(
    schemas: &[SchemaRules],
    id: Id,
    open: &mut Vec<Id>,
    done: &mut HashSet<Id>,
) -> Option<Id> {
    if open.contains(&id) {
        return Some(id);
    }
    if done.contains(&id) {
        return None;
    }
    open.push(id);
    let rules = schemas[id].rules.iter();
    let found = rules
        .flat_map(same_place)
        .find_map(|next| circle(schemas, next, open, done));
    open.pop();
    done.insert(id);
    found
}

/// Marks the schemas that no value breaks. A schema that refers to itself is not
/// looked into far enough to tell.
pub(super) fn only_warn(schemas: &mut [SchemaRules]) {
    let mut is_settled = false;
    while !is_settled {
        is_settled = true;
        for id in 0..schemas.len() {
            let mut rules = schemas[id].rules.iter();
            if !schemas[id].only_warns && rules.all(|rule| is_never_broken(rule, schemas)) {
                schemas[id].only_warns = true;
                is_settled = false;
            }
        }
    }
}

/// Whether no value breaks a rule, as far as the schemas are known that it applies.
fn is_never_broken(rule: &Rule, schemas: &[SchemaRules]) -> bool {
    let only_warns = |id: &Id| schemas[*id].only_warns;
    match rule {
        Rule::Warning(_) => true,
        Rule::AllOf(ids) => ids.iter().all(only_warns),
        Rule::Ref(id) => only_warns(id),
        Rule::If {
            then, otherwise, ..
        } => [then, otherwise].into_iter().flatten().all(only_warns),
        Rule::Members {
            properties,
            patterns,
            additional,
        } => {
            let named = properties.iter().map(|(_, id)| id);
            let matching = patterns.iter().map(|(_, id)| id);
            named.chain(matching).chain(additional).all(only_warns)
        }
        _ => false,
    }
}

/// The schemas that a rule applies to the same value.
fn same_place(rule: &Rule) -> Vec<Id> {
    match rule {
        Rule::AllOf(ids) | Rule::AnyOf(ids) | Rule::OneOf(ids) => ids.clone(),
        Rule::Not(id) | Rule::Ref(id) => vec![*id],
        Rule::DynamicRef { initial, .. } => vec![*initial],
        Rule::If {
            condition,
            then,
            otherwise,
            ..
        } => [Some(*condition), *then, *otherwise]
            .into_iter()
            .flatten()
            .collect(),
        Rule::DependentSchemas(schemas) => schemas.iter().map(|(_, id)| *id).collect(),
        _ => Vec::new(),
    }
}
