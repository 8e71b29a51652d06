//! Rules about `type`, and about `format` beside it.

use serde_json::Value;

use crate::lint::context::Context;
use crate::lint::corrections::patch::Patch;
use crate::lint::finding::Findings;
use crate::lint::schemas::Schema;
use apifox_document::diagnostics::shortened;
use apifox_document::forms::dialect::repairs::intended_type;
use apifox_document::schema::JsonType;

pub fn unknown_type(_: &Context<'_>, schema: &Schema<'_>, findings: &mut Findings<'_>) {
    let is_unknown = |types: &&Value| JsonType::list(types).is_none();
    let Some(types) = schema.get("type").filter(is_unknown) else {
        return;
    };
    let pointer = schema.member_pointer("type");
    let message = format!("type: {} is not a JSON type", shortened(types));
    let (help, patch) = match meant_types(types) {
        Some(meant) => (
            format!("write {}", shortened(&meant)),
            Patch::replace(&pointer, types, meant),
        ),
        None => (
            "remove it, or name a JSON type".to_owned(),
            Patch::remove(&pointer, types),
        ),
    };
    findings.add(&pointer, message, &help, patch);
}

/// The types that were meant by other names, each once.
fn meant_types(types: &Value) -> Option<Value> {
    let meant = |name: &Value| intended_type(name.as_str()?).map(Value::from);
    let Value::Array(names) = types else {
        return meant(types);
    };
    let mut distinct: Vec<Value> = Vec::new();
    for name in names {
        let name = meant(name)?;
        if !distinct.contains(&name) {
            distinct.push(name);
        }
    }
    (!distinct.is_empty()).then(|| distinct.into())
}

const NUMBER_FORMATS: [&str; 4] = ["int32", "int64", "float", "double"];

const STRING_FORMATS: [&str; 16] = [
    "binary",
    "byte",
    "date",
    "date-time",
    "duration",
    "email",
    "hostname",
    "ipv4",
    "ipv6",
    "json-pointer",
    "password",
    "regex",
    "time",
    "uri",
    "uri-reference",
    "uuid",
];

pub fn format_contradicts_type(_: &Context<'_>, schema: &Schema<'_>, findings: &mut Findings<'_>) {
    let (Some(format), Some(written)) = (schema.get("format"), schema.get("type")) else {
        return;
    };
    let name = format.as_str().unwrap_or_default();
    let types = JsonType::list(written);
    if types.is_some_and(|types| !applies_to(name, &types)) {
        let pointer = schema.member_pointer("format");
        let message = format!(
            "format {name} does not apply to type {}",
            shortened(written)
        );
        let patch = Patch::remove(&pointer, format);
        findings.add(&pointer, message, "remove it, or correct the type", patch);
    }
}

/// Whether a format is one for any of these types.
fn applies_to(format: &str, types: &[JsonType]) -> bool {
    let has = |one: JsonType| types.contains(&one);
    match format {
        "float" | "double" => has(JsonType::Number),
        name if NUMBER_FORMATS.contains(&name) => has(JsonType::Number) || has(JsonType::Integer),
        name if STRING_FORMATS.contains(&name) => has(JsonType::String),
        _ => true,
    }
}
