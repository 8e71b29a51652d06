//! Which models take what.

use inkstone::{OPERATIONS, Operation};
use serde_json::Value;
use tr::tr;

use crate::request::document;
use crate::request::shape::Shape;

/// How many models are named that take a flag.
pub const MOST_MODELS: usize = 6;

/// That a model does not take a flag, and which do.
pub fn not_taken(model: &str, flag: &str, field: &str) -> String {
    let flag = flag.split(' ').next().unwrap_or(flag);
    let models = models_with(field);
    let more = models.len().saturating_sub(MOST_MODELS);
    let mut models = models
        .into_iter()
        .take(MOST_MODELS)
        .collect::<Vec<_>>()
        .join(", ");
    if more > 0 {
        models += &tr!(" and {more} more", more);
    }
    match models.as_str() {
        "" => tr!(
            "{model} takes no {flag}, nor does any other model",
            model,
            flag
        ),
        models => tr!(
            "{model} takes no {flag}; these models do: {models}",
            model,
            flag,
            models
        ),
    }
}

/// The models that have a field of this name.
pub fn models_with(field: &str) -> Vec<&'static str> {
    let has = |operation: &&Operation| {
        let schema = document::request_schema(operation);
        let shape = Shape::of_schema(&schema);
        let names = |pointer: &str| {
            let keywords = schema.pointer(pointer);
            keywords
                .is_some_and(|keywords| keywords.pointer(&format!("/properties/{field}")).is_some())
        };
        match field {
            "image" => takes_pictures(operation),
            _ => shape.parameter(&schema, field).is_some() || names("/properties/input"),
        }
    };
    let all = OPERATIONS.iter().copied();
    let mut models: Vec<&str> = Vec::new();
    for model in all.filter(has).flat_map(|operation| operation.models) {
        if !models.contains(model) {
            models.push(model);
        }
    }
    models
}

/// Whether requests of an operation may have pictures.
pub fn takes_pictures(operation: &Operation) -> bool {
    let schema = document::request_schema(operation);
    has_image(&schema, &schema, document::DEEPEST)
}

fn has_image(root: &Value, schema: &Value, depth: usize) -> bool {
    let Some(depth) = depth.checked_sub(1) else {
        return false;
    };
    let keywords = document::resolve(root, schema);
    let below = document::properties(&keywords);
    if below
        .into_iter()
        .any(|(name, below)| name == "image" || has_image(root, below, depth))
    {
        return true;
    }
    let items = keywords.get("items").into_iter();
    let alternatives = ["anyOf", "oneOf", "allOf"].iter();
    let alternatives = alternatives.filter_map(|keyword| keywords.get(*keyword)?.as_array());
    items
        .chain(alternatives.flatten())
        .any(|below| has_image(root, below, depth))
}
