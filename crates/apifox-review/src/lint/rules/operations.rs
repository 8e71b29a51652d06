//! Rules about operations: their routes, parameters and bodies.

use apifox_document::pointer::JsonPointerExt as _;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::lint::context::Linted;
use crate::lint::finding::Found;
use crate::lint::patch::Patch;
use apifox_document::api::{Content, Endpoint};
use apifox_document::forms::parameters::{placeholders, plain_path};
use apifox_document::forms::{openapi, project};

pub(super) fn incomplete(linted: &Linted<'_>, found: &mut Found<'_>) {
    if !project::is_one(linted.json) {
        return;
    }
    for project::Item {
        pointer: item,
        holds,
    } in project::operations(linted.json)
    {
        for name in ["method", "path"] {
            let place = holds.child(name);
            let is_there = linted.at(&place).and_then(Value::as_str);
            if is_there.is_some_and(|it| !it.trim().is_empty()) {
                continue;
            }
            if let Some(operation) = linted.at(&item) {
                let message = format!("the operation has no {name}");
                let patch = Patch::remove(&item, operation);
                found.add(
                    &place,
                    message,
                    "leave the operation out, or finish it",
                    patch,
                );
            }
        }
    }
}

/// A parameter as it is written.
struct Written<'d> {
    pointer: String,
    value: &'d Value,
    location: String,
    name: &'d str,
}

/// The lists of parameters of an operation; what its path declares comes with it.
fn parameters<'d>(linted: &Linted<'d>, operation: &Endpoint) -> Vec<Vec<Written<'d>>> {
    let pointer = &operation.pointer;
    let all = pointer.child("parameters");
    let is_list = linted.at(&all).is_some_and(Value::is_array);
    if !openapi::is_one(linted.json) && !is_list {
        let locations = ["path", "query", "header", "cookie"];
        let of = |location: &&str| {
            let list = pointer.child("parameters").child(location);
            written(linted, &list, Some(location))
        };
        return vec![locations.iter().flat_map(of).collect()];
    }
    let around = pointer.rsplit_once('/').map_or("", |(around, _)| around);
    vec![
        written(linted, &all, None),
        written(linted, &around.child("parameters"), None),
    ]
}

/// The parameters of a list that count.
fn written<'d>(linted: &Linted<'d>, list: &str, location: Option<&str>) -> Vec<Written<'d>> {
    let items = linted.at(list).and_then(Value::as_array);
    let parameter = |(index, value): (usize, &'d Value)| {
        let pointer = list.child(index);
        let place = openapi::followed(linted.json, &pointer)?;
        let it = linted.at(&place).filter(|it| it["enable"] != false)?;
        let name = it["name"].as_str().filter(|it| !it.trim().is_empty())?;
        let location = location.or_else(|| it["in"].as_str())?.to_owned();
        Some(Written {
            pointer,
            value,
            location,
            name,
        })
    };
    let items = items.into_iter().flatten().enumerate();
    items.filter_map(parameter).collect()
}

pub(super) fn duplicate_parameter(linted: &Linted<'_>, found: &mut Found<'_>) {
    for operation in &linted.api.operations {
        for list in parameters(linted, operation) {
            let mut seen = BTreeSet::new();
            for it in &list {
                let name = match it.location.as_str() {
                    "header" => it.name.to_lowercase(),
                    _ => it.name.to_owned(),
                };
                if seen.insert((it.location.clone(), name)) {
                    continue;
                }
                let message = format!(
                    "the {} parameter {} is declared twice",
                    it.location, it.name
                );
                let patch = Patch::remove(&it.pointer, it.value);
                found.add(
                    &it.pointer,
                    message,
                    "leave the second out; the first counts",
                    patch,
                );
            }
        }
    }
}

pub(super) fn undeclared_path_parameter(linted: &Linted<'_>, found: &mut Found<'_>) {
    for operation in &linted.api.operations {
        let lists = parameters(linted, operation);
        let is_declared = |name: &str| {
            let mut all = lists.iter().flatten();
            all.any(|it| it.location == "path" && it.name == name)
        };
        for name in placeholders(&operation.path) {
            if is_declared(&name) {
                continue;
            }
            let message = format!("the path has {{{name}}}, which no parameter declares");
            let patch = declared(linted, operation, &name);
            found.add(&operation.pointer, message, "declare it, as text", patch);
        }
    }
}

/// Declares a parameter of a path, with as little around it as there has to be.
fn declared(linted: &Linted<'_>, operation: &Endpoint, name: &str) -> Patch {
    let pointer = &operation.pointer;
    let all = pointer.child("parameters");
    let of_path = all.child("path");
    let is_list = linted
        .at(&all)
        .and_then(Value::as_array)
        .is_some_and(|it| !it.is_empty());
    let (list, parameter) = match is_list || openapi::is_one(linted.json) {
        true => (
            &all,
            json!({"name": name, "in": "path", "required": true, "schema": {"type": "string"}}),
        ),
        false => (
            &of_path,
            json!({"name": name, "required": true, "type": "string"}),
        ),
    };
    let is_nested = *list != all;
    let (several, around) = match is_nested {
        true => (json!([&parameter]), json!({"path": [&parameter]})),
        false => (json!([&parameter]), json!([&parameter])),
    };
    match (linted.at(list), linted.at(&all), linted.at(pointer)) {
        (Some(there @ Value::Array(_)), ..) => Patch::add(list, there, "-", parameter),
        // What stands there instead of a list says nothing.
        (Some(there), ..) => Patch::replace(list, there, several),
        (_, Some(there @ Value::Object(_)), _) => Patch::add(&all, there, "path", several),
        (_, Some(there), _) => Patch::replace(&all, there, around),
        (_, _, Some(there)) => Patch::add(pointer, there, "parameters", around),
        _ => Patch::none(),
    }
}

pub(super) fn unused_path_parameter(linted: &Linted<'_>, found: &mut Found<'_>) {
    for operation in &linted.api.operations {
        let used = placeholders(&operation.path);
        for it in parameters(linted, operation).iter().flatten() {
            if it.location != "path" || used.iter().any(|name| name == it.name) {
                continue;
            }
            let message = format!("the path {} has no {{{}}}", operation.path, it.name);
            let patch = Patch::remove(&it.pointer, it.value);
            found.add(
                &it.pointer,
                message,
                "leave the parameter out, or put it in the path",
                patch,
            );
        }
    }
}

pub(super) fn same_route_twice(linted: &Linted<'_>, found: &mut Found<'_>) {
    let mut seen: BTreeMap<(String, String), &str> = BTreeMap::new();
    for operation in &linted.api.operations {
        let path = nameless(&plain_path(&operation.path));
        let route = (operation.method.clone(), path);
        let Some(first) = seen.get(&route) else {
            seen.insert(route, &operation.pointer);
            continue;
        };
        let message = format!(
            "{} {} is described already, at {first}",
            operation.method, operation.path
        );
        let place = match project::is_one(linted.json) {
            true => operation.pointer.trim_end_matches("/api"),
            false => &operation.pointer,
        };
        let there = linted.at(place);
        let patch = there.map_or_else(Patch::none, |it| Patch::remove(place, it));
        let help = "keep both if they differ in what they ask, which their titles tell apart; \
                      otherwise leave one out";
        found.add(&operation.pointer, message, help, patch);
    }
}

/// A path whose parameters have no names.
fn nameless(path: &str) -> String {
    let mut path = path.to_owned();
    for name in placeholders(&path) {
        path = path.replace(&format!("{{{name}}}"), "{}");
    }
    path
}

pub(super) fn optional_body(linted: &Linted<'_>, found: &mut Found<'_>) {
    for operation in &linted.api.operations {
        let Some(Content::Json(place)) = operation.body.as_ref().map(|it| &it.content) else {
            continue;
        };
        let Some((_, schema)) = linted.understood(place, place) else {
            continue;
        };
        let requires = schema["required"]
            .as_array()
            .is_some_and(|it| !it.is_empty());
        let body = operation.pointer.child("requestBody");
        let Some(body) = openapi::followed(linted.json, &body) else {
            continue;
        };
        let pointer = body.child("required");
        if let Some(flag @ Value::Bool(false)) = linted.at(&pointer)
            && requires
        {
            let message = "the body may be left out, but its schema requires fields";
            let patch = Patch::replace(&pointer, flag, true);
            found.add(&pointer, message, "say that the body is required", patch);
        }
    }
}
