//! `x-apifox-refs`: models mixed into an object. Where Apifox exports OpenAPI it
//! has done so already; in its own export it is left to the reader.
//!
//! Models may be mixed into each other and into parts of themselves. A property
//! that itself mixes something in is therefore referred to instead of copied, so that
//! recursive models end.

use crate::pointer::{JsonPointerExt as _, JsonValueExt as _};
use serde_json::{Map, Value};

use super::{Dialect, Models};
use crate::pointer::encoded;

const REFS: &str = "x-apifox-refs";
const OVERRIDES: &str = "x-apifox-overrides";

/// How many models may be mixed into one schema, repetitions counted.
const MOST: usize = 500;

/// What is mixed into one schema.
struct Mixing {
    /// The places of the models that are being mixed in, to detect recursion.
    around: Vec<String>,
    /// How many more models may be mixed in.
    left: usize,
}

impl Dialect<'_> {
    /// Adds the properties of the models that `x-apifox-refs` names.
    pub(super) fn mix_in(&mut self, schema: &mut Map<String, Value>, place: &str) {
        if matches!(self.models, Models::ByPlace) {
            return;
        }
        let Some(refs) = schema.remove(REFS) else {
            return;
        };
        let mut mixing = Mixing {
            around: vec![place.to_owned()],
            left: MOST,
        };
        self.mixed(schema, &refs, place, &mut mixing);
        if let Some(kept) = self.overrides(refs, place) {
            schema.insert(REFS.into(), kept);
        }
    }

    /// Mixes `refs`, which stand in the schema at `place`, into `schema`.
    fn mixed(
        &mut self,
        schema: &mut Map<String, Value>,
        refs: &Value,
        place: &str,
        mixing: &mut Mixing,
    ) {
        for (id, mixin) in refs.as_object().into_iter().flatten() {
            let Some(target) = mixin.get("$ref").and_then(Value::as_str) else {
                continue;
            };
            if mixing.left == 0 {
                let message = format!("more than {MOST} models are mixed in; {target} is not");
                self.note(place, Some(REFS), &message);
                continue;
            }
            let Some((at, Value::Object(mut model))) = self.model(target) else {
                let message = format!("{target} does not resolve; nothing is mixed in");
                self.note(&place.child(REFS), Some(id), &message);
                continue;
            };
            mixing.left -= 1;
            let own = self.reference(&at.child("properties"));
            by_place(&mut model, "properties", &own);
            self.mix_nested(&mut model, at, mixing);
            let mut mixin = mixin.as_object().cloned().unwrap_or_default();
            let own = self.reference(&place.child(REFS).child(id).child(OVERRIDES));
            by_place(&mut mixin, OVERRIDES, &own);
            overridden(&mut model, &mixin);
            merge(schema, id, model);
        }
    }

    /// Mixes into the model at `at` what it names itself. A model that is mixed into itself
    /// adds only its own properties.
    fn mix_nested(&mut self, model: &mut Map<String, Value>, at: String, mixing: &mut Mixing) {
        let Some(nested) = model.remove(REFS) else {
            return;
        };
        if mixing.around.contains(&at) {
            return;
        }
        mixing.around.push(at.clone());
        self.mixed(model, &nested, &at, mixing);
        mixing.around.pop();
    }

    /// The model that a reference leads to, and its place.
    fn model(&self, target: &str) -> Option<(String, Value)> {
        let place = self.absolute(&self.resolved(target)?);
        Some((place.clone(), self.source.value_at(&place)?.clone()))
    }

    /// The reference to a place of the document.
    fn reference(&self, place: &str) -> String {
        let pointer = match self.models {
            Models::Within => place.strip_prefix(&self.root).unwrap_or(place),
            Models::ById(_) | Models::ByPlace => place,
        };
        format!("#{}", encoded(pointer))
    }

    /// The overrides that references lead to, translated.
    fn overrides(&mut self, mut refs: Value, place: &str) -> Option<Value> {
        let mixins = refs.as_object_mut()?;
        for (id, mixin) in mixins.iter_mut() {
            let place = place.child(REFS).child(id).child(OVERRIDES);
            let overrides = mixin.get_mut(OVERRIDES).and_then(Value::as_object_mut);
            let Some(overrides) = overrides else {
                continue;
            };
            overrides.retain(|_, schema| mixes(schema));
            for (name, schema) in overrides {
                self.schema(schema, &place.child(name));
            }
        }
        mixins.retain(|_, mixin| {
            let overrides = mixin.get(OVERRIDES).and_then(Value::as_object);
            overrides.is_some_and(|overrides| !overrides.is_empty())
        });
        (!mixins.is_empty()).then_some(refs)
    }
}

/// Replaces the schemas in `holder[name]`, at `place`, that mix something in by references
/// to them.
fn by_place(holder: &mut Map<String, Value>, name: &str, place: &str) {
    let Some(Value::Object(schemas)) = holder.get_mut(name) else {
        return;
    };
    for (name, schema) in schemas.iter_mut().filter(|(_, schema)| mixes(schema)) {
        let mut reference = Map::new();
        let target = format!("{place}{}", encoded(&"".child(name)));
        reference.insert("$ref".into(), target.into());
        for kept in ["title", "description"] {
            if let Some(text) = schema.get(kept) {
                reference.insert(kept.into(), text.clone());
            }
        }
        *schema = reference.into();
    }
}

/// Whether something is mixed into a schema, or one in it.
fn mixes(schema: &Value) -> bool {
    match schema {
        Value::Object(members) => members.contains_key(REFS) || members.values().any(mixes),
        Value::Array(items) => items.iter().any(mixes),
        _ => false,
    }
}

/// An override replaces a property; `null` removes it.
fn overridden(model: &mut Map<String, Value>, mixin: &Map<String, Value>) {
    let mut properties = taken(model, "properties");
    let overrides = mixin.get(OVERRIDES).and_then(Value::as_object);
    for (name, value) in overrides.into_iter().flatten() {
        match value {
            Value::Null => drop(properties.remove(name)),
            value => drop(properties.insert(name.clone(), value.clone())),
        }
    }
    let is_there = |name: &&Value| {
        name.as_str()
            .is_some_and(|name| properties.contains_key(name))
    };
    let required = mixin.get("required").or_else(|| model.get("required"));
    let required = required.and_then(Value::as_array).into_iter().flatten();
    let required: Vec<Value> = required.filter(is_there).cloned().collect();
    model.insert("required".into(), required.into());
    model.insert("properties".into(), properties.into());
}

/// Adds the members of a model to a schema, whose own properties win.
fn merge(schema: &mut Map<String, Value>, id: &str, model: Map<String, Value>) {
    let names = order(&model);
    if let Some(Value::Object(mixed)) = model.get("properties") {
        let mut own = taken(schema, "properties");
        for (name, property) in mixed {
            own.entry(name.clone()).or_insert_with(|| property.clone());
        }
        schema.insert("properties".into(), own.into());
    }
    if let Some(Value::Array(mixed)) = model.get("required") {
        let mut required = match schema.remove("required") {
            Some(Value::Array(own)) => own,
            _ => Vec::new(),
        };
        let is_new = |name: &&Value| !required.contains(name);
        let new: Vec<Value> = mixed.iter().filter(is_new).cloned().collect();
        required.extend(new);
        schema.insert("required".into(), required.into());
    }
    // In the order of properties, the id of the mixin stands for all its properties.
    if let Some(Value::Array(orders)) = schema.get_mut("x-apifox-orders")
        && let Some(at) = orders.iter().position(|name| name == id)
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
            names.map(|name| name.as_str().into()).collect()
        }
    }
}

/// Removes the member `name`: its object, or an empty one if it is not an object.
fn taken(members: &mut Map<String, Value>, name: &str) -> Map<String, Value> {
    match members.remove(name) {
        Some(Value::Object(object)) => object,
        _ => Map::new(),
    }
}
