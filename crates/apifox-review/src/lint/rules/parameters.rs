//! Rules about the parameters of operations.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::lint::context::Context;
use crate::lint::corrections::patch::Patch;
use crate::lint::finding::Findings;
use apifox_document::api::Endpoint;
use apifox_document::forms::openapi;
use apifox_document::forms::parameters::placeholders;
use apifox_document::pointer::JsonPointerExt as _;

/// A parameter as it is written.
struct Declared<'d> {
    pointer: String,
    value: &'d Value,
    location: String,
    name: &'d str,
}

/// The lists of parameters of an operation: its own, and that of its path.
fn parameter_lists<'d>(context: &Context<'d>, operation: &Endpoint) -> Vec<Vec<Declared<'d>>> {
    let operation = &operation.pointer;
    let list = operation.child("parameters");
    let is_list = context.value_at(&list).is_some_and(Value::is_array);
    if !context.form.is_openapi() && !is_list {
        let locations = ["path", "query", "header", "cookie"];
        let in_location = |location| declared_in(context, &list.child(location), Some(location));
        return vec![locations.into_iter().flat_map(in_location).collect()];
    }
    let path = operation.rsplit_once('/').map_or("", |(path, _)| path);
    vec![
        declared_in(context, &list, None),
        declared_in(context, &path.child("parameters"), None),
    ]
}

/// The parameters of a list that are in use.
fn declared_in<'d>(context: &Context<'d>, list: &str, location: Option<&str>) -> Vec<Declared<'d>> {
    let items = context.value_at(list).and_then(Value::as_array);
    let parameter = |(index, value): (usize, &'d Value)| {
        let pointer = list.child(index);
        let resolved = openapi::resolve_refs(context.json, &pointer)?;
        let parameter = context.value_at(&resolved)?;
        if parameter["enable"] == false {
            return None;
        }
        let name = parameter["name"].as_str()?;
        let location = location.or_else(|| parameter["in"].as_str())?.to_owned();
        (!name.trim().is_empty()).then_some(Declared {
            pointer,
            value,
            location,
            name,
        })
    };
    let items = items.into_iter().flatten().enumerate();
    items.filter_map(parameter).collect()
}

pub(super) fn duplicate_parameter(
    context: &Context<'_>,
    operation: &Endpoint,
    findings: &mut Findings<'_>,
) {
    for list in parameter_lists(context, operation) {
        let mut seen = BTreeSet::new();
        for parameter in &list {
            let Declared { location, name, .. } = parameter;
            let key = match location.as_str() {
                "header" => name.to_lowercase(),
                _ => (*name).to_owned(),
            };
            if !seen.insert((location, key)) {
                let message = format!("the {location} parameter {name} is declared twice");
                let patch = Patch::remove(&parameter.pointer, parameter.value);
                let help = "remove the second one; the first one is used";
                findings.add(&parameter.pointer, message, help, patch);
            }
        }
    }
}

pub(super) fn undeclared_path_parameter(
    context: &Context<'_>,
    operation: &Endpoint,
    findings: &mut Findings<'_>,
) {
    let lists = parameter_lists(context, operation);
    for name in placeholders(&operation.path) {
        let mut declared = lists.iter().flatten();
        if !declared.any(|parameter| parameter.location == "path" && parameter.name == name) {
            let message = format!("the path has {{{name}}}, which no parameter declares");
            // No parameter has no name.
            let patch = match name.is_empty() {
                true => Patch::empty(),
                false => declaration(context, operation, &name),
            };
            let help = "declare it as a string";
            findings.add(&operation.pointer, message, help, patch);
        }
    }
}

/// Declares a parameter of a path, and the list around it where there is none.
fn declaration(context: &Context<'_>, operation: &Endpoint, name: &str) -> Patch {
    let all = operation.pointer.child("parameters");
    let items = context.value_at(&all).and_then(Value::as_array);
    let is_list = items.is_some_and(|items| !items.is_empty()) || context.form.is_openapi();
    if is_list {
        let parameter =
            json!({"name": name, "in": "path", "required": true, "schema": {"type": "string"}});
        return match (context.value_at(&all), context.value_at(&operation.pointer)) {
            (Some(list @ Value::Array(_)), _) => Patch::add(&all, list, "-", parameter),
            (Some(other), _) => Patch::replace(&all, other, json!([parameter])),
            (_, Some(object)) => {
                Patch::add(&operation.pointer, object, "parameters", json!([parameter]))
            }
            _ => Patch::empty(),
        };
    }
    let parameter = json!({"name": name, "required": true, "type": "string"});
    let path = all.child("path");
    let around = json!({"path": [&parameter]});
    match (
        context.value_at(&path),
        context.value_at(&all),
        context.value_at(&operation.pointer),
    ) {
        (Some(list @ Value::Array(_)), ..) => Patch::add(&path, list, "-", parameter),
        (Some(other), ..) => Patch::replace(&path, other, json!([parameter])),
        (_, Some(object @ Value::Object(_)), _) => {
            Patch::add(&all, object, "path", json!([parameter]))
        }
        (_, Some(other), _) => Patch::replace(&all, other, around),
        (_, _, Some(object)) => Patch::add(&operation.pointer, object, "parameters", around),
        _ => Patch::empty(),
    }
}

pub(super) fn unused_path_parameter(
    context: &Context<'_>,
    operation: &Endpoint,
    findings: &mut Findings<'_>,
) {
    let used = placeholders(&operation.path);
    let lists = parameter_lists(context, operation);
    let in_path = lists
        .iter()
        .flatten()
        .filter(|parameter| parameter.location == "path");
    for parameter in in_path {
        let name = parameter.name;
        if !used.iter().any(|placeholder| placeholder == name) {
            let message = format!("the path {} has no {{{name}}}", operation.path);
            let patch = Patch::remove(&parameter.pointer, parameter.value);
            let help = "remove the parameter, or add it to the path";
            findings.add(&parameter.pointer, message, help, patch);
        }
    }
}
