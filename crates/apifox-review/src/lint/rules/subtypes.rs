//! The models that are used without a reference to them, as a discriminator names them: by their
//! names in its `mapping`, or as what builds upon its schema, which OpenAPI finds by name.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::references::model_names;
use super::uses::{References, around};
use crate::lint::context::Context;
use apifox_document::place_name;
use apifox_document::pointer::{JsonValueExt as _, decoded};

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
    let bases = models
        .values()
        .map(|schema| (schema, bases(context.json, schema, &known)));
    let bases: Vec<(&String, Bases)> = bases.collect();
    let mut built_upon: HashMap<&String, Vec<&String>> = HashMap::new();
    for (schema, own) in &bases {
        for base in &own.models {
            built_upon.entry(base).or_default().push(schema);
        }
    }
    let has_discriminator: HashSet<&String> = bases
        .iter()
        .filter(|(_, own)| own.has_discriminator)
        .map(|(schema, _)| *schema)
        .collect();
    let supertypes = models
        .iter()
        .filter(|(_, schema)| has_discriminator.contains(schema));
    for supertype in supertypes {
        let subtypes = below(supertype.1, &built_upon);
        if is_used_by_others(supertype, &subtypes, references) {
            named.extend(subtypes.into_iter().cloned());
        }
    }
    named
}

/// Whether anything but a model's own subtypes refers to it.
fn is_used_by_others(
    (name, supertype): (&String, &String),
    subtypes: &HashSet<&String>,
    references: &References,
) -> bool {
    let own: HashSet<&str> = subtypes
        .iter()
        .chain([&supertype])
        .map(|schema| schema.as_str())
        .collect();
    let is_other = |user: &&String| !around(user).any(|place| own.contains(place));
    let targets = HashSet::from([name.clone(), format!("#{supertype}")]);
    let users = targets
        .iter()
        .filter_map(|target| references.users.get(target));
    users.flatten().any(|user| is_other(&user))
}

/// The models that build upon one, directly or by others.
fn below<'m>(
    supertype: &'m String,
    built_upon: &HashMap<&'m String, Vec<&'m String>>,
) -> HashSet<&'m String> {
    let mut found = HashSet::new();
    let mut seen = HashSet::from([supertype]);
    let mut pending = vec![supertype];
    while let Some(schema) = pending.pop() {
        for subtype in built_upon.get(schema).into_iter().flatten() {
            if seen.insert(subtype) {
                found.insert(*subtype);
                pending.push(subtype);
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
