//! The rule about references that don't resolve.

use std::collections::{HashMap, HashSet};

use apifox_runtime::{Draft, References};
use serde_json::Value;

use crate::lint::context::Context;
use crate::lint::corrections::patch::Patch;
use crate::lint::finding::Findings;
use crate::lint::schemas::Schema;
use apifox_document::forms::dialect::Identifiers;
use apifox_document::forms::{openapi, project};
use apifox_document::pointer::{JsonPointerExt as _, decoded, written_place};
use apifox_document::{Form, OpenApiVersion, REFERENCED_FILES};

pub(super) fn dangling(context: &Context<'_>, findings: &mut Findings<'_>) {
    let targets = Targets::new(context);
    for schema in &context.schemas {
        check_reference(context, &targets, schema, findings);
        check_mixins(context, &targets, schema, findings);
    }
    if context.form.is_openapi() {
        check_parts(context, findings);
        check_mappings(context, findings);
    }
}

/// The schemas that the mapping of a discriminator names, by their name or by a reference.
fn check_mappings(context: &Context<'_>, findings: &mut Findings<'_>) {
    for schema in &context.schemas {
        let mapping = schema.get("discriminator").map(|it| &it["mapping"]);
        let mapping = mapping.and_then(Value::as_object);
        for (name, value) in mapping.into_iter().flatten() {
            let Some(target) = value.as_str() else {
                continue;
            };
            let place = match target.strip_prefix('#') {
                Some(pointer) => decoded(pointer),
                // What is in another file can't be looked up.
                None if target.contains(['/', '.']) => continue,
                None => "/components/schemas".child(target),
            };
            if context.value_at(&place).is_none() {
                let pointer = schema.member_pointer("discriminator");
                let pointer = pointer.child("mapping").child(name);
                let message = format!("{target} does not resolve");
                let help = "map it to a schema of this document, or remove it";
                findings.add(&pointer, message, help, Patch::remove(&pointer, value));
            }
        }
    }
}

fn check_reference(
    context: &Context<'_>,
    targets: &Targets,
    schema: &Schema<'_>,
    findings: &mut Findings<'_>,
) {
    let Some(reference @ Value::String(target)) = schema.get("$ref") else {
        return;
    };
    if targets.contains(context, schema, target) {
        return;
    }
    let pointer = schema.member_pointer("$ref");
    let (help, patch) = match targets.similar(target) {
        Some(meant) => (
            format!("refer to {meant}"),
            Patch::replace(&pointer, reference, meant),
        ),
        None => (
            "refer to a schema of this document, or remove the reference, which accepts anything"
                .to_owned(),
            Patch::remove(&pointer, reference),
        ),
    };
    findings.add(&pointer, format!("{target} does not resolve"), &help, patch);
}

/// Models that are mixed into a schema.
fn check_mixins(
    context: &Context<'_>,
    targets: &Targets,
    schema: &Schema<'_>,
    findings: &mut Findings<'_>,
) {
    let mixins = schema.get("x-apifox-refs").and_then(Value::as_object);
    for (id, mixin) in mixins.into_iter().flatten() {
        let target = mixin.get("$ref").and_then(Value::as_str);
        let Some(target) = target.filter(|target| !targets.contains(context, schema, target))
        else {
            continue;
        };
        let pointer = schema.member_pointer("x-apifox-refs").child(id);
        let message = format!("{target} does not resolve, so nothing is mixed in");
        let patch = Patch::remove(&pointer, mixin);
        let help = "refer to a model of this document, or remove it";
        findings.add(&pointer, message, help, patch);
    }
}

/// Parameters, bodies and responses that are references.
fn check_parts(context: &Context<'_>, findings: &mut Findings<'_>) {
    for operation in &context.api.operations {
        for pointer in parts(context, &operation.pointer) {
            let Some(part) = context.value_at(&pointer) else {
                continue;
            };
            if let Some(target) = part.get("$ref").and_then(Value::as_str)
                && openapi::resolve_refs(context.json, &pointer).is_none()
            {
                let message = format!("{target} does not resolve");
                let help = "refer to a part of this document, or remove it";
                let patch = Patch::remove(&pointer, part);
                findings.add(&pointer.child("$ref"), message, help, patch);
            }
        }
    }
}

/// The pointers to the parts of an operation that may be references.
fn parts(context: &Context<'_>, operation: &str) -> Vec<String> {
    let path = operation.rsplit_once('/').map_or("", |(path, _)| path);
    let mut parts = vec![operation.child("requestBody")];
    parts.extend(context.child_pointers(&path.child("parameters")));
    parts.extend(context.child_pointers(&operation.child("parameters")));
    parts.extend(context.child_pointers(&operation.child("responses")));
    let holders = [&parts[..], &[operation.to_owned()]].concat();
    for holder in holders {
        let holder = openapi::resolve_refs(context.json, &holder).unwrap_or(holder);
        parts.extend(context.child_pointers(&holder.child("examples")));
        parts.extend(context.child_pointers(&holder.child("headers")));
        for media in context.child_pointers(&holder.child("content")) {
            let media = openapi::resolve_refs(context.json, &media).unwrap_or(media);
            parts.extend(context.child_pointers(&media.child("examples")));
        }
    }
    parts
}

/// What references may resolve to, besides pointers.
struct Targets {
    /// What references call the models.
    models: HashSet<String>,
    /// The anchors of a bare schema.
    anchors: Option<References>,
    /// What `$id` and `$anchor` name in the schemas of OpenAPI.
    identifiers: Option<Identifiers>,
}

impl Targets {
    fn new(context: &Context<'_>) -> Self {
        let draft = Draft::of_schema(context.json).unwrap_or_default();
        let anchors = || References::new(context.json, draft);
        Self {
            models: model_names(context).into_keys().collect(),
            anchors: context.is_bare_schema().then(anchors),
            identifiers: identifiers(context),
        }
    }

    fn contains(&self, context: &Context<'_>, schema: &Schema<'_>, target: &str) -> bool {
        if self.models.contains(target) {
            return true;
        }
        let exists = |pointer: Option<String>| {
            pointer.is_some_and(|pointer| context.value_at(&pointer).is_some())
        };
        if let Some(anchors) = &self.anchors {
            return exists(anchors.target(schema.pointer(), target));
        }
        let is_shared = context.api.is_shared;
        if let Some(identifiers) = &self.identifiers
            && exists(identifiers.target(schema.pointer(), target))
        {
            return true;
        }
        let Some(pointer) = target.strip_prefix('#').map(decoded) else {
            return !is_shared;
        };
        // An anchor may be anywhere in a schema of its own.
        let is_anchor = !pointer.is_empty() && !pointer.starts_with('/');
        let reference = format!("#{pointer}");
        !is_shared && is_anchor || exists(context.reference_target(&schema.place.root, &reference))
    }

    /// The only model of the document itself whose name differs in case alone.
    fn similar(&self, target: &str) -> Option<String> {
        let name = |path: &str| path.rsplit('/').next().unwrap_or_default().to_lowercase();
        let mut similar = self
            .models
            .iter()
            .filter(|model| name(model) == name(target))
            .filter(|model| !model.starts_with(&format!("#/{REFERENCED_FILES}/")));
        let first = similar.next()?;
        similar.next().is_none().then(|| first.clone())
    }
}

/// What `$id` and `$anchor` name in the schemas of OpenAPI.
pub(super) fn identifiers(context: &Context<'_>) -> Option<Identifiers> {
    if OpenApiVersion::of(context.json) < Some(OpenApiVersion::V3_1) {
        return None;
    }
    let roots = context.schemas.iter();
    let roots = roots.map(|schema| schema.place.root.clone());
    Identifiers::new(context.json, &roots.collect())
}

/// The pointer to each model, by what references call it.
pub(super) fn model_names(context: &Context<'_>) -> HashMap<String, String> {
    let name = |pointer: &String| match context.form {
        Form::Project => project::model_id(context.json, pointer),
        _ => format!("#{pointer}"),
    };
    let pointers = context.api.models.keys();
    let is_written = |pointer: &&String| written_place(pointer) == pointer.as_str();
    pointers
        .filter(is_written)
        .map(|pointer| (name(pointer), pointer.clone()))
        .collect()
}
