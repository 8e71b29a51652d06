//! The models, and the fields of their requests with the vendor's words.

use inkstone::{ApiFacts, OPERATIONS};
use serde_json::{Map, Value, json};

use crate::args::api::Api;
use crate::args::values::model::distinct;
use crate::commands::field_rules::{self, Field};
use crate::pricing::prices::Prices;
use crate::request::choose_operation;
use crate::request::document::{properties, request_schema, resolve};

/// Which APIs can be asked for real: those whose key is in the environment. Where nothing may
/// be sent, none.
pub fn keys(is_allowed: bool) -> Value {
    let has_key = |facts: &ApiFacts| {
        let key = std::env::var(&facts.key_variable);
        is_allowed && key.is_ok_and(|key| !key.trim().is_empty())
    };
    let all = ApiFacts::all().iter();
    let all = all.map(|facts| (facts.name.to_owned(), has_key(facts).into()));
    Value::Object(all.collect())
}

/// Every model of every API, in the order in which APIs are preferred; the default models
/// first.
pub fn all() -> Value {
    let Ok(prices) = Prices::load(None) else {
        return json!([]);
    };
    let mut models = Vec::new();
    for api in Api::all() {
        let own = OPERATIONS.iter().filter(|one| one.api == api.name());
        let mut names = distinct(own.flat_map(|one| one.models).copied().collect());
        names.sort_by_key(|name| *name != api.default_model());
        models.extend(
            names
                .into_iter()
                .filter_map(|name| model(api, name, &prices)),
        );
    }
    models.into()
}

fn model(api: Api, name: &str, prices: &Prices) -> Option<Value> {
    let operation = *choose_operation::candidates(Some(api), name).first()?;
    let schema = request_schema(operation);
    let fields = field_rules::fields(&schema);
    let fields: Vec<Value> = fields
        .iter()
        .map(|field| field_json(&schema, field))
        .collect();
    let document: Value = serde_json::from_str(operation.document).unwrap_or_default();
    Some(json!({
        "api": api.name(),
        "title": ApiFacts::find(api.name()).map(|facts| facts.title.as_str()),
        "model": name,
        "document": operation.name,
        "name": document["name"],
        "fields": fields,
        "prices": prices.lines(name),
    }))
}

fn field_json(schema: &Value, field: &Field) -> Value {
    let words = words(schema, &field.path);
    json!({
        "path": field.path,
        "required": field.required,
        "rules": field.rules,
        "title": words.get("title"),
        "description": words.get("description"),
    })
}

/// The keywords of the field at a path such as `input.messages[].role`.
fn words(schema: &Value, path: &str) -> Map<String, Value> {
    let mut keywords = resolve(schema, schema);
    for step in path.split('.') {
        let name = step.trim_end_matches("[]");
        let found = properties(&keywords).find(|(own, _)| *own == name);
        let Some(mut below) = found.map(|(_, below)| resolve(schema, below)) else {
            return Map::new();
        };
        if step.ends_with("[]")
            && let Some(items) = below.get("items")
        {
            below = resolve(schema, &items.clone());
        }
        keywords = below;
    }
    keywords
}
