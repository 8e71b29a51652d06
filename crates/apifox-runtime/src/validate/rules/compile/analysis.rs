//! Properties of all schemas together: which refer to themselves, and which only warn.

use std::collections::HashSet;

use crate::validate::rules::rule::{Id, Rule, SchemaRules};

/// A schema that refers back to itself for the same value, if there is one.
pub(super) fn endless(schemas: &[SchemaRules]) -> Option<Id> {
    let mut done = HashSet::new();
    (0..schemas.len()).find_map(|id| cycle(schemas, id, &mut Vec::new(), &mut done))
}

fn cycle(
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
        .find_map(|next| cycle(schemas, next, open, done));
    open.pop();
    done.insert(id);
    found
}

/// Marks the schemas that no value breaks. Of schemas that refer to themselves that is not
/// found out.
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

/// Whether no value breaks a rule, as far as known about the schemas that it applies.
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
