//! How the fields of a form are written.

use std::collections::BTreeSet;

use apifox_document::api::{FieldEncoding, FormKind};
use apifox_document::forms::openapi::resolve_refs;
use apifox_document::pointer::{JsonPointerExt as _, JsonValueExt as _};
use apifox_runtime::Style;
use serde_json::Value;

/// How the fields of a form are written, as far as the document says. Every field is listed
/// where only the order of its parts tells them apart, and where a value is written under other
/// names than its own, which must not be those of other fields.
pub(super) fn encodings(
    kind: &FormKind,
    fields: impl IntoIterator<Item = String>,
    described: &[FieldEncoding],
) -> Vec<FieldEncoding> {
    let is_by_order = matches!(kind, FormKind::Multipart(_));
    if !is_by_order && !described.iter().any(has_other_names) {
        return described.to_vec();
    }
    let mut listed: Vec<FieldEncoding> = Vec::new();
    for name in fields {
        let own = described.iter().find(|own| own.name == name);
        listed.push(own.cloned().unwrap_or_else(|| FieldEncoding {
            name,
            ..FieldEncoding::default()
        }));
    }
    let is_listed = |own: &&FieldEncoding| listed.iter().any(|one| one.name == own.name);
    let others: Vec<_> = described.iter().filter(|own| !is_listed(own)).collect();
    listed.extend(others.into_iter().cloned());
    listed
}

/// Whether the members of an object are written under names of their own.
fn has_other_names(encoding: &FieldEncoding) -> bool {
    let serialization = encoding.serialization;
    serialization.is_some_and(|how| match how.style {
        Style::Form => how.explode,
        style => style == Style::DeepObject,
    })
}

/// The fields that the schema of a form at `place` names.
pub(super) fn named_fields(json: &Value, place: &str) -> Vec<String> {
    let mut names = Vec::new();
    let (mut pending, mut seen) = (vec![place.to_owned()], BTreeSet::new());
    while let Some(place) = pending.pop() {
        let Some(place) = resolve_refs(json, &place).filter(|place| !seen.contains(place)) else {
            continue;
        };
        let properties = json.value_at(&place.child("properties"));
        let properties = properties.and_then(Value::as_object).into_iter().flatten();
        for (name, _) in properties {
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
        for keyword in ["oneOf", "anyOf", "allOf"] {
            let list = place.child(keyword);
            let count = json.value_at(&list).and_then(Value::as_array);
            let count = count.map_or(0, Vec::len);
            pending.extend((0..count).rev().map(|index| list.child(index)));
        }
        seen.insert(place);
    }
    names
}
