//! `x-apifox-refs`: models mixed into an object. Where Apifox exports OpenAPI it
//! has done so already; in its own export it is left to the reader.

use serde_json::{Map, Value};

use super::{Dialect, Models};

/// How many models may be mixed into each other.
const DEEPEST: usize = 16;

/// How many models may be mixed into one schema in all: one that mixes another in
/// twice, which does so too, would double them at each step.
const MOST: usize = 256;

impl Dialect<'_> {
    /// Puts the properties of the models that are mixed into a schema in it.
    pub(super) fn mix_in(&mut self, schema: &mut Map<String, Value>, place: &str) {
        if matches!(self.models, Models::ByPlace) {
            return;
        }
        if let Some(refs) = schema.remove("x-apifox-refs") {
            let mut left = MOST;
            self.mixed(schema, &refs, place, DEEPEST, &mut left);
        }
    }

    fn mixed(
        &mut self,
        schema: &mut Map<String, Value>,
        refs: &Value,
        place: &str,
        depth: usize,
        left: &mut usize,
    ) {
        for (id, mixin) in refs.as_object().into_iter().flatten() {
            let Some(target) = mixin.get("$ref").and_then(Value::as_str) else {
                continue;
            };
            if *left == 0 {
                let message = format!("more than {MOST} models are mixed in; {target} is not");
                self.note(place, Some("x-apifox-refs"), &message);
                continue;
            }
            let model = self.model(target).filter(|_| depth > 0);
            let Some(Value::Object(mut model)) = model else {
                let message = format!("{target} leads nowhere; nothing is mixed in");
                self.note(place, Some("x-apifox-refs"), &message);
                continue;
            };
            *left -= 1;
            if let Some(refs) = model.remove("x-apifox-refs") {
                self.mixed(&mut model, &refs, place, depth - 1, left);
            }
            overridden(&mut model, mixin);
            merge(schema, id, model);
        }
    }

    fn model(&self, target: &str) -> Option<Value> {
        let pointer = self.resolved(target)?;
        let pointer = pointer.strip_prefix('#')?;
        self.source.pointer(pointer).cloned()
    }
}

/// An override replaces a property; `null` removes it.
fn overridden(model: &mut Map<String, Value>, mixin: &Value) {
    let properties = model
        .entry("properties")
        .or_insert_with(|| Map::new().into());
    let overrides = mixin["x-apifox-overrides"].as_object();
    for (name, value) in overrides.into_iter().flatten() {
        match (value, &mut *properties) {
            (Value::Null, Value::Object(properties)) => drop(properties.remove(name)),
            (value, Value::Object(properties)) => {
                properties.insert(name.clone(), value.clone());
            }
            _ => {}
        }
    }
    let is_there = |name: &&Value| {
        let properties = model.get("properties");
        name.as_str()
            .is_some_and(|it| properties.is_some_and(|all| all.get(it).is_some()))
    };
    let required = mixin.get("required").or_else(|| model.get("required"));
    let required = required.and_then(Value::as_array).into_iter().flatten();
    let required: Vec<Value> = required.filter(is_there).cloned().collect();
    model.insert("required".into(), required.into());
}

/// What the schema says itself of a property counts for more.
fn merge(schema: &mut Map<String, Value>, id: &str, model: Map<String, Value>) {
    let names = order(&model);
    let properties = schema
        .entry("properties")
        .or_insert_with(|| Map::new().into());
    if let (Value::Object(own), Some(Value::Object(mixed))) = (properties, model.get("properties"))
    {
        for (name, property) in mixed {
            own.entry(name.clone()).or_insert_with(|| property.clone());
        }
    }
    let required = schema
        .entry("required")
        .or_insert_with(|| Value::Array(Vec::new()));
    if let (Value::Array(own), Some(Value::Array(mixed))) = (required, model.get("required")) {
        let new: Vec<Value> = mixed
            .iter()
            .filter(|it| !own.contains(it))
            .cloned()
            .collect();
        own.extend(new);
    }
    // The id in the order stands for all that is mixed in.
    if let Some(Value::Array(orders)) = schema.get_mut("x-apifox-orders")
        && let Some(at) = orders.iter().position(|it| it == id)
    {
        orders.splice(at..=at, names);
    }
}

fn order(model: &Map<String, Value>) -> Vec<Value> {
    match model.get("x-apifox-orders").and_then(Value::as_array) {
        Some(orders) => orders.clone(),
        None => {
            let properties = model.get("properties").and_then(Value::as_object);
            let names = properties.into_iter().flat_map(Map::keys);
            names.map(|it| it.as_str().into()).collect()
        }
    }
}
