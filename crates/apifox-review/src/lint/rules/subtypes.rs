//! The models that are used without a reference to them, as a discriminator names them: by their
//! names in its `mapping`, or as what builds upon its schema, which OpenAPI finds by name.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::references::model_names;
use super::uses::References;
use crate::lint::context::Context;
use apifox_document::place_name;
use apifox_document::pointer::{JsonPointerExt as _, JsonValueExt as _, decoded};

/// What a model builds upon.
#[derive(Default)]
struct Bases {
    /// The models that it refers to in its `allOf`.
    models: Vec<String>,
    /// Whether it has a discriminator itself.
    has_discriminator: bool,
}

/// The places of the models that discriminators name.
pub(super) fn named_by_discriminators(
    context: &Context<'_>,
    references: &References,
) -> HashSet<String> {
    let models = model_names(context);
    let known: HashMap<String, &String> = models
        .iter()
        .flat_map(|(name, schema)| [(name.clone(), schema), (format!("#{schema}"), schema)])
        .collect();
    let by_name = models.values().filter(|schema| {
        // Plain names are those of components, even where a file could be meant.
        references.mapped.contains(&place_name(schema))
    });
    let mut named: HashSet<String> = by_name.cloned().collect();
    let bases: HashMap<&String, Bases> = models
        .values()
        .map(|schema| (schema, bases(context.json, schema, &known)))
        .collect();
    let subtypes = models
        .values()
        .map(|schema| (schema, above(schema, &bases)));
    let subtypes: Vec<(&String, HashSet<&String>)> = subtypes.collect();
    let mut below: HashMap<&String, Vec<&String>> = HashMap::new();
    for (schema, supertypes) in &subtypes {
        for supertype in supertypes {
            below.entry(supertype).or_default().push(schema);
        }
    }
    for (supertype, subtypes) in below {
        if is_used_by_others(supertype, &subtypes, &known, references) {
            named.extend(subtypes.into_iter().cloned());
        }
    }
    named
}

/// Whether anything but a model's own subtypes refers to it.
fn is_used_by_others(
    supertype: &String,
    subtypes: &[&String],
    known: &HashMap<String, &String>,
    references: &References,
) -> bool {
    let own: Vec<String> = subtypes
        .iter()
        .chain([&supertype])
        .map(|schema| schema.child(""))
        .collect();
    let is_other = |user: &String| !own.iter().any(|within| user.starts_with(within));
    let mut users = references.users.iter();
    users.any(|(target, users)| {
        known.get(target).is_some_and(|schema| *schema == supertype) && users.iter().any(is_other)
    })
}

/// The models with a discriminator that a model builds upon, directly or by others.
fn above<'m>(schema: &'m String, bases: &'m HashMap<&'m String, Bases>) -> HashSet<&'m String> {
    let mut found = HashSet::new();
    let mut seen = HashSet::from([schema]);
    let mut pending = vec![schema];
    while let Some(schema) = pending.pop() {
        for base in bases.get(schema).into_iter().flat_map(|own| &own.models) {
            if seen.insert(base) {
                pending.push(base);
                if bases.get(base).is_some_and(|own| own.has_discriminator) {
                    found.insert(base);
                }
            }
        }
    }
    found
}

/// What the model at `schema` builds upon.
fn bases(json: &Value, schema: &str, known: &HashMap<String, &String>) -> Bases {
    let mut found = Bases::default();
    let mut pending: Vec<&Value> = json.value_at(schema).into_iter().collect();
    while let Some(part) = pending.pop() {
        found.has_discriminator |= part.get("discriminator").is_some();
        if let Some(target) = part.get("$ref").and_then(Value::as_str) {
            let model = known.get(decoded(target).as_str());
            found.models.extend(model.map(|model| (*model).clone()));
        }
        pending.extend(
            part.get("allOf")
                .and_then(Value::as_array)
                .into_iter()
                .flatten(),
        );
    }
    found
}
