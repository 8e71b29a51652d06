//! Rules about what examples say of their schemas.

use std::collections::BTreeMap;

use apifox_runtime::Violation;
use serde_json::Value;

use crate::lint::context::Linted;
use crate::lint::example::{Example, Of};
use crate::lint::finding::Found;
use crate::lint::patch::Patch;
use crate::lint::widen;
use apifox_document::diagnostics::shortened;
use apifox_document::pointer::JsonPointerExt as _;

/// The rules of its schema that an example breaks.
fn broken(linted: &Linted<'_>, example: &Example<'_>) -> Vec<Violation> {
    let (Some((root, place)), Some(value)) = (&example.schema, example.json()) else {
        return Vec::new();
    };
    linted.violations(root, place, value).unwrap_or_default()
}

pub(super) fn example_fails_schema(linted: &Linted<'_>, found: &mut Found<'_>) {
    for example in &linted.examples {
        let broken = broken(linted, example);
        let Some(first) = broken.first() else {
            continue;
        };
        if is_error_under_success(linted, example) {
            continue;
        }
        let more = match broken.len() {
            1 => String::new(),
            count => format!(", and {} more", count - 1),
        };
        let message = format!("{} breaks its own schema: {first}{more}", example.called());
        let is_reply = matches!(example.of, Of::Reply { .. });
        if let Some(patch) = widen::patch(linted, example, &broken).filter(|_| is_reply) {
            let help = "let the schema accept what the vendor itself shows";
            found.add(&example.value, message, help, patch);
        } else {
            let help = "leave the example out, or correct the one of the two that is wrong";
            found.add(&example.value, message, help, example.removal(linted.json));
        }
    }
}

/// What an example is called that shows an error.
const WORDS: [&str; 9] = [
    "error",
    "fail",
    "not found",
    "异常",
    "失败",
    "错误",
    "未找到",
    "无效",
    "拒绝",
];

/// Whether an example of a success shows an error that its schema doesn't know.
pub(super) fn is_error_under_success(linted: &Linted<'_>, example: &Example<'_>) -> bool {
    let (Of::Reply { is_success: true }, Some(Value::Object(members))) =
        (example.of, example.json())
    else {
        return false;
    };
    let Some((root, place)) = &example.schema else {
        return false;
    };
    let understood = linted.understood(root, place);
    let properties = understood.and_then(|(_, it)| it.get("properties")?.as_object());
    let is_declared = |name: &str| properties.is_some_and(|it| it.contains_key(name));
    let is_error = match members.get("error") {
        Some(Value::Object(error)) => !error.is_empty(),
        Some(Value::String(error)) => !error.is_empty(),
        _ => false,
    };
    let name = example.name.unwrap_or_default().to_lowercase();
    let is_called_so = WORDS.iter().any(|it| name.contains(it));
    let is_unknown = members.keys().all(|it| !is_declared(it));
    is_error && !is_declared("error") || is_called_so && is_unknown
}

pub(super) fn error_under_success(linted: &Linted<'_>, found: &mut Found<'_>) {
    for example in &linted.examples {
        if is_error_under_success(linted, example) {
            let message = format!(
                "{} shows an error, under a response for success",
                example.called()
            );
            let help = "leave it out, or put it under a response for the error";
            found.add(
                &example.pointer,
                message,
                help,
                example.removal(linted.json),
            );
        }
    }
}

/// A property that is constant, and what the examples of its object have for it.
#[derive(Default)]
struct Shown<'l> {
    values: Vec<&'l Value>,
}

pub(super) fn const_not_in_examples(linted: &Linted<'_>, found: &mut Found<'_>) {
    let mut shown: BTreeMap<String, Shown<'_>> = BTreeMap::new();
    for example in linted.examples.iter().filter(|it| it.of == Of::Request) {
        let (Some((root, place)), Some(Value::Object(members))) = (&example.schema, example.json())
        else {
            continue;
        };
        let Some((object, schema)) = linted.understood(root, place) else {
            continue;
        };
        for (name, value) in members {
            if schema["properties"][name].get("const").is_some() {
                let pointer = object.child("properties").child(name).child("const");
                shown.entry(pointer).or_default().values.push(value);
            }
        }
    }
    for (pointer, Shown { values }) in shown {
        let Some(only) = linted.at(&pointer) else {
            continue;
        };
        let is_one = values.iter().all(|it| *it == values[0]);
        if values.contains(&only) {
            continue;
        }
        let message = format!(
            "const is {}, and every example has {}",
            shortened(only),
            shortened(values[0])
        );
        match is_one {
            true => {
                let help = format!("write {}", shortened(values[0]));
                let patch = Patch::replace(&pointer, only, values[0].clone());
                found.add(&pointer, message, &help, patch);
            }
            false => {
                let patch = Patch::remove(&pointer, only);
                found.add(&pointer, message, "leave const out", patch);
            }
        }
    }
}
