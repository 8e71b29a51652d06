//! Rules about what refers to what.

use apifox_document::pointer::JsonPointerExt as _;
use std::collections::HashMap;

use apifox_runtime::{Draft, References};
use serde_json::Value;

use crate::lint::context::Linted;
use crate::lint::finding::Found;
use crate::lint::patch::Patch;
use crate::lint::schemas::Schema;
use apifox_document::forms::{openapi, project};
use apifox_document::pointer::decoded;

pub(super) fn dangling(linted: &Linted<'_>, found: &mut Found<'_>) {
    let targets = Targets::of(linted);
    for schema in &linted.schemas {
        if let Some(reference @ Value::String(target)) = schema.get("$ref")
            && !targets.has(linted, schema, target)
        {
            let pointer = schema.below("$ref");
            let message = format!("{target} leads nowhere");
            match targets.like(target) {
                Some(meant) => {
                    let patch = Patch::replace(&pointer, reference, meant.as_str());
                    found.add(&pointer, message, &format!("refer to {meant}"), patch);
                }
                None => {
                    let patch = Patch::remove(&pointer, reference);
                    let help = "leave the reference out, which accepts anything, or refer to a schema of this document";
                    found.add(&pointer, message, help, patch);
                }
            }
        }
        mixed_in(linted, &targets, schema, found);
    }
    if openapi::is_one(linted.json) {
        parts(linted, found);
    }
}

/// Parameters, bodies and replies that are described elsewhere.
fn parts(linted: &Linted<'_>, found: &mut Found<'_>) {
    for operation in &linted.api.operations {
        let pointer = &operation.pointer;
        let around = pointer.rsplit_once('/').map_or("", |(around, _)| around);
        let mut places = vec![pointer.child("requestBody")];
        for list in [around, pointer] {
            places.extend(linted.below(&list.child("parameters")));
        }
        places.extend(linted.below(&pointer.child("responses")));
        for place in places {
            let target = linted.at(&place).and_then(|it| it.get("$ref")?.as_str());
            if let (Some(target), Some(part)) = (target, linted.at(&place))
                && openapi::followed(linted.json, &place).is_none()
            {
                let message = format!("{target} leads nowhere");
                let help = "leave it out, or refer to a part of this document";
                let patch = Patch::remove(&place, part);
                found.add(&place.child("$ref"), message, help, patch);
            }
        }
    }
}

/// Models that are mixed into a schema.
fn mixed_in(linted: &Linted<'_>, targets: &Targets, schema: &Schema<'_>, found: &mut Found<'_>) {
    let mixins = schema.get("x-apifox-refs").and_then(Value::as_object);
    for (id, mixin) in mixins.into_iter().flatten() {
        let Some(target) = mixin.get("$ref").and_then(Value::as_str) else {
            continue;
        };
        if targets.has(linted, schema, target) {
            continue;
        }
        let pointer = schema.below("x-apifox-refs").child(id);
        let message = format!("{target} leads nowhere, so nothing is mixed in");
        let patch = Patch::remove(&pointer, mixin);
        found.add(
            &pointer,
            message,
            "leave it out, or mix in a model of this document",
            patch,
        );
    }
}

/// What references may lead to, besides places.
struct Targets {
    /// The place of each model by what references call it.
    models: HashMap<String, String>,
    /// The anchors of a bare schema.
    anchors: Option<References>,
}

impl Targets {
    fn of(linted: &Linted<'_>) -> Self {
        let by_id = project::is_one(linted.json);
        let name = |place: &String| match by_id {
            true => project::model_id(linted.json, place),
            false => format!("#{place}"),
        };
        let places = linted.api.models.keys();
        let draft = Draft::of_schema(linted.json).unwrap_or_default();
        Self {
            models: places.map(|it| (name(it), it.clone())).collect(),
            anchors: linted.is_bare.then(|| References::new(linted.json, draft)),
        }
    }

    fn has(&self, linted: &Linted<'_>, schema: &Schema<'_>, target: &str) -> bool {
        if self.models.contains_key(target) {
            return true;
        }
        if let Some(anchors) = &self.anchors {
            let place = anchors.target(&schema.pointer, target);
            return place.is_some_and(|it| linted.at(&it).is_some());
        }
        let Some(pointer) = target.strip_prefix('#').map(decoded) else {
            return !linted.api.is_shared;
        };
        if !linted.api.is_shared && !pointer.is_empty() && !pointer.starts_with('/') {
            // An anchor, which may be anywhere.
            return true;
        }
        let place = linted.target(&schema.root, &format!("#{pointer}"));
        place.is_some_and(|it| linted.at(&it).is_some())
    }

    /// The one model whose name differs in case alone.
    fn like(&self, target: &str) -> Option<String> {
        let last = |it: &str| it.rsplit('/').next().unwrap_or_default().to_lowercase();
        let mut alike = self.models.keys().filter(|it| last(it) == last(target));
        let one = alike.next()?;
        alike.next().is_none().then(|| one.clone())
    }
}

pub(super) fn unused_model(linted: &Linted<'_>, found: &mut Found<'_>) {
    if linted.api.operations.is_empty() {
        return;
    }
    let targets = Targets::of(linted);
    let mut uses: HashMap<&str, Vec<String>> = HashMap::new();
    references(linted.json, &mut String::new(), &mut uses);
    for (name, place) in &targets.models {
        let Some(at) = removable(linted, place) else {
            continue;
        };
        let within = at.child("");
        let own = format!("#{place}");
        let called = [name.as_str(), own.as_str()];
        let is_used = called.iter().any(|it| {
            let users = uses.get(it).into_iter().flatten();
            users.into_iter().any(|user| !user.starts_with(&within))
        });
        if !is_used && let Some(model) = linted.at(&at) {
            let told = &linted.api.models[place].name;
            let message = format!("nothing refers to the model {told}");
            let patch = Patch::remove(&at, model);
            found.add(
                &at,
                message,
                "leave it out, if it is no longer needed",
                patch,
            );
        }
    }
}

/// What has to go for a model to be gone.
fn removable(linted: &Linted<'_>, place: &str) -> Option<String> {
    let place = match project::is_one(linted.json) {
        true => place.strip_suffix("/schema/jsonSchema")?,
        false => place,
    };
    Some(place.to_owned())
}

/// The places of all references, by what they refer to.
fn references<'d>(json: &'d Value, at: &mut String, found: &mut HashMap<&'d str, Vec<String>>) {
    let length = at.len();
    match json {
        Value::Object(members) => {
            for (name, value) in members {
                at.push_str(&"".child(name));
                match value.as_str().filter(|_| name == "$ref") {
                    Some(target) => found.entry(target).or_default().push(at.clone()),
                    None => references(value, at, found),
                }
                at.truncate(length);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                at.push_str(&"".child(index));
                references(value, at, found);
                at.truncate(length);
            }
        }
        _ => {}
    }
}
