//! How the fields of a form are written.

use std::collections::HashMap;

use apifox_document::api::{FieldEncoding, FormKind};
use apifox_runtime::Style;

/// How the fields of a form are written, as far as the document says. Every field is listed
/// where only the order of its parts tells them apart, and where a value is written under other
/// names than its own, which must not be those of other fields.
pub(super) fn encodings<'f>(
    kind: &FormKind,
    fields: impl IntoIterator<Item = &'f String>,
    described: &[FieldEncoding],
) -> Vec<FieldEncoding> {
    let is_by_order = matches!(kind, FormKind::Multipart(_));
    if !is_by_order && !described.iter().any(has_other_names) {
        return described.to_vec();
    }
    let own = described.iter().map(|own| (&own.name, own));
    let mut own: HashMap<&String, &FieldEncoding> = own.collect();
    let listed = fields.into_iter().map(|name| match own.remove(name) {
        Some(own) => own.clone(),
        None => FieldEncoding {
            name: name.clone(),
            ..FieldEncoding::default()
        },
    });
    let mut listed: Vec<FieldEncoding> = listed.collect();
    // Those of fields that only alternatives or patterns allow.
    let others = described.iter().filter(|one| own.contains_key(&one.name));
    listed.extend(others.cloned());
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
