//! The rule about models that nothing refers to.

use std::collections::HashSet;

use super::references::{identifiers, model_names};
use super::subtypes::named_by_discriminators;
use super::uses::{Users, around, find_references};
use crate::lint::context::Context;
use crate::lint::corrections::patch::Patch;
use crate::lint::finding::Findings;
use apifox_document::Form;
use apifox_document::forms::with_callbacks;
use apifox_document::pointer::{JsonPointerExt as _, steps};

pub(super) fn unused_model(context: &Context<'_>, findings: &mut Findings<'_>) {
    if context.api.operations.is_empty() {
        return;
    }
    let found = find_references(&with_callbacks(context.json));
    let subtypes = named_by_discriminators(context, &found);
    let references = found.users;
    let named = named_targets(context, &references);
    let in_part = used_in_part(&references);
    for (name, schema) in model_names(context) {
        let Some(part) = Part::of(context, &schema) else {
            continue;
        };
        let within = part.pointer.child("");
        let is_target = |target: &str| {
            let users = references.get(target).into_iter().flatten();
            users.into_iter().any(|user| !user.starts_with(&within))
        };
        let is_used = [name, format!("#{schema}")]
            .iter()
            .any(|all| is_target(all))
            || around(&schema).any(|whole| is_target(&format!("#{whole}")))
            || [&schema, &part.pointer].into_iter().any(|place| {
                named.contains(place) || subtypes.contains(place) || in_part.contains(place)
            });
        if !is_used && context.value_at(&part.pointer).is_some() {
            let message = format!("nothing refers to the {} {}", part.kind, part.name);
            let help = "remove it, if it is no longer needed";
            findings.add(&part.pointer, message, help, Patch::empty());
        }
    }
}

/// What has to be removed to remove a model.
struct Part {
    pointer: String,
    /// What the document calls it, and what that is.
    name: String,
    kind: &'static str,
}

impl Part {
    /// What the schema at a place is a model of: a shared part of another kind has its schemas
    /// within it.
    fn of(context: &Context<'_>, schema: &str) -> Option<Self> {
        // Swagger has its shared parts in the document itself.
        let own = schema.strip_prefix("/components").unwrap_or(schema);
        let end = own.match_indices('/').nth(COMPONENT_STEPS);
        let below = end.map_or(0, |(end, _)| own.len() - end);
        let component = &schema[..schema.len() - below];
        let mut names = steps(&own[..own.len() - below]);
        let list = names.next();
        let mut kinds = COMPONENTS.iter();
        let kind = kinds.find(|(name, _)| list.as_deref() == Some(*name));
        Some(match (kind, names.next()) {
            (Some((_, kind)), Some(name)) => Self {
                pointer: component.to_owned(),
                name,
                kind,
            },
            _ => Self {
                pointer: model_pointer(context, schema)?,
                name: context.api.models[schema].name.clone(),
                kind: "model",
            },
        })
    }
}

/// How many steps lead to a component: its kind and its name.
const COMPONENT_STEPS: usize = 2;

/// The kinds of components that have schemas in them, and what one of each is called.
const COMPONENTS: [(&str, &str); 7] = [
    ("callbacks", "callback"),
    ("headers", "header"),
    ("mediaTypes", "media type"),
    ("parameters", "parameter"),
    ("pathItems", "path item"),
    ("requestBodies", "request body"),
    ("responses", "response"),
];

/// The places of which something outside refers to a part.
fn used_in_part(references: &Users) -> HashSet<String> {
    let mut used = HashSet::new();
    for (target, users) in references {
        let pointer = target.strip_prefix('#').unwrap_or_default();
        for holder in around(pointer) {
            let within = holder.child("");
            if users.iter().any(|user| !user.starts_with(&within)) {
                used.insert(holder.to_owned());
            }
        }
    }
    used
}

/// The places that references lead to by an `$id` or `$anchor`, and those around them.
fn named_targets(context: &Context<'_>, references: &Users) -> HashSet<String> {
    let Some(identifiers) = identifiers(context) else {
        return HashSet::new();
    };
    let references = references
        .iter()
        .flat_map(|(target, users)| users.iter().map(move |user| (target, user)));
    let named = references.filter_map(|(target, user)| {
        let (schema, _) = user.rsplit_once('/')?;
        Some((identifiers.target(schema, target)?, user))
    });
    let with_holders = named.flat_map(|(place, user)| {
        let is_outside = |holder: &&str| !user.starts_with(&holder.child(""));
        let holders = around(&place).filter(is_outside).map(str::to_owned);
        holders.chain([place.clone()]).collect::<Vec<_>>()
    });
    with_holders.collect()
}

/// The pointer to what has to be removed to remove the model with this schema.
fn model_pointer(context: &Context<'_>, schema: &str) -> Option<String> {
    let pointer = match context.form {
        Form::Project => schema.strip_suffix("/schema/jsonSchema")?,
        _ => schema,
    };
    Some(pointer.to_owned())
}
