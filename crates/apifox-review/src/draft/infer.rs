//! The schema that samples show, with every guess marked.

use serde_json::{Map, Value, json};

use crate::infer::{infer_items, infer_properties, infer_type, objects, types_of};

/// The member that marks a guess: by keyword, what it is taken from.
pub(super) const MARK: &str = "x-draft";

/// The schema of all these values. A field that several objects have, all of them, is
/// required; of a single object that is not known.
pub(super) fn infer(values: &[&Value]) -> Value {
    let keywords = [
        ("type", infer_type(values)),
        ("properties", infer_properties(values, infer)),
        ("items", infer_items(values, infer)),
    ];
    let known = keywords
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)));
    let mut schema = Value::Object(known.collect());
    let count = match values.len() {
        _ if types_of(values) == ["null"] => "only null is shown".to_owned(),
        0 => "no sample shows it".to_owned(),
        1 => "1 sample shows it".to_owned(),
        count => format!("{count} samples show it"),
    };
    mark(&mut schema, "type", count);
    let objects = objects(values);
    if objects.len() > 1 {
        require_common(&mut schema, &objects);
    }
    schema
}

fn require_common(schema: &mut Value, objects: &[&Map<String, Value>]) {
    let names = objects.first().into_iter().flat_map(|object| object.keys());
    let common = names.filter(|name| objects.iter().all(|object| object.contains_key(*name)));
    let common: Vec<Value> = common.map(|name| name.as_str().into()).collect();
    if !common.is_empty() {
        schema["required"] = common.into();
        mark(
            schema,
            "required",
            format!("all {} samples have them", objects.len()),
        );
    }
}

/// Marks a keyword of a schema as a guess. Reasons for the same keyword are kept side by side.
pub(super) fn mark(schema: &mut Value, keyword: &str, reason: impl Into<String>) {
    let reason = reason.into();
    if !schema[MARK].is_object() {
        schema[MARK] = json!({});
    }
    let reasons = &mut schema[MARK][keyword];
    *reasons = match reasons.as_str() {
        Some(known) if known.contains(&reason) => return,
        Some(known) => format!("{known}; {reason}").into(),
        None => reason.into(),
    };
}
