//! What is wrong with a request, in the words of the flags that it came from.

use inkstone::{OPERATIONS, Operation, Violation};
use serde_json::Value;
use tr::tr;

use crate::request::body::Body;
use crate::request::document;
use crate::request::shape::Shape;
use crate::request::suggest;
use crate::request::verdict::shown;

/// How many models are named that take a flag.
const MOST_MODELS: usize = 6;

/// Keywords that forbid a field.
const FORBIDDING: [&str; 2] = ["additionalProperties", "unevaluatedProperties"];

/// A violation of a request that was made of flags.
pub fn by_flags(operation: &Operation, body: &Body, violation: &Violation) -> String {
    let model = body.json["model"].as_str().unwrap_or(operation.name);
    if let Some(flag) = missing_flag(violation, body) {
        return tr!("{model} needs {flag}", model, flag);
    }
    let Some(flag) = body.flag(&violation.pointer) else {
        return in_body(Some(operation), violation);
    };
    if FORBIDDING.contains(&violation.keyword) {
        return match flag.strip_prefix("--set ") {
            Some(field) => no_such_field(model, field, violation),
            None => not_taken(model, flag, name(&violation.pointer)),
        };
    }
    let (expected, value) = (expected(violation), &violation.value);
    tr!(
        "{flag}: expected {expected}, found {value}",
        flag,
        expected,
        value
    )
}

/// A violation of a request whose body was given.
pub fn in_body(operation: Option<&Operation>, violation: &Violation) -> String {
    let (place, keyword) = (shown(&violation.pointer), violation.keyword);
    let (expected, value) = (expected(violation), &violation.value);
    let text = tr!(
        "{place}: {keyword}: expected {expected}, found {value}",
        place,
        keyword,
        expected,
        value
    );
    let is_field = FORBIDDING.contains(&keyword);
    let fields = fields(violation);
    let similar = match is_field {
        true => suggest::nearest(name(&violation.pointer), fields.into_iter(), 1),
        false => Vec::new(),
    };
    match similar.first() {
        Some(similar) => tr!("{text}; did you mean {similar}?", text, similar),
        None if is_field => elsewhere(operation, &text, name(&violation.pointer)),
        None => text,
    }
}

/// `text`, and which models take the field that this one does not.
fn elsewhere(operation: Option<&Operation>, text: &str, field: &str) -> String {
    let models = models_with(field);
    let Some(operation) = operation else {
        return text.to_owned();
    };
    let others = models
        .iter()
        .filter(|model| !operation.models.contains(model));
    let others: Vec<&str> = others.copied().take(MOST_MODELS).collect();
    match others.as_slice() {
        [] => text.to_owned(),
        others => {
            let models = others.join(", ");
            tr!("{text}; these models take it: {models}", text, models)
        }
    }
}

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

fn no_such_field(model: &str, field: &str, violation: &Violation) -> String {
    let fields = fields(violation);
    let similar = suggest::nearest(name(&violation.pointer), fields.iter().copied(), 1);
    match similar.first() {
        Some(similar) => tr!(
            "--set {field}: {model} has no such field: did you mean {similar}?",
            field,
            model,
            similar
        ),
        None => {
            let fields = fields.join(", ");
            tr!(
                "--set {field}: {model} has no such field, only {fields}",
                field,
                model,
                fields
            )
        }
    }
}

/// The names that a violation lists which forbids others.
fn fields(violation: &Violation) -> Vec<&str> {
    let listed = violation.expected.strip_prefix("no field but ");
    listed.map_or_else(Vec::new, |listed| listed.split(", ").collect())
}

/// What was expected; of a pattern, what a person can do with it.
fn expected(violation: &Violation) -> String {
    match violation.expected.strip_prefix("a match of ") {
        Some(pattern) => form(pattern),
        None => violation.expected.clone(),
    }
}

/// The form that a pattern asks for, as far as it is one that many documents have.
pub fn form(pattern: &str) -> String {
    let lower = pattern.to_lowercase();
    if ["http", "[hh][tt]"]
        .iter()
        .any(|start| lower.contains(start))
    {
        return tr!("a URL, or a picture as a data: URI");
    }
    match pattern.contains("[0-9]") && pattern.contains(['x', '*']) {
        true => tr!("a size, as in 1024x1024"),
        false => tr!("a text in the form that the document describes"),
    }
}

/// The models that have a field of this name.
fn models_with(field: &str) -> Vec<&'static str> {
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

/// The flag that would set a missing field.
fn missing_flag<'a>(violation: &Violation, flags: &'a Body) -> Option<&'a str> {
    // Only the text names the field; the pointer is that of the object around it.
    let name = violation.expected.split('"').nth(1)?;
    let is_missing = violation.keyword == "required";
    is_missing.then(|| flags.flag(&format!("{}/{name}", violation.pointer)))?
}

/// The name of the field that a pointer leads to.
fn name(pointer: &str) -> &str {
    pointer.rsplit('/').next().unwrap_or_default()
}
