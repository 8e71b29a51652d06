//! The rule about `discriminator`: the property that tells alternatives apart is one of each.

use std::collections::HashSet;

use serde_json::Value;

use crate::lint::context::Context;
use crate::lint::corrections::patch::Patch;
use crate::lint::finding::Findings;
use crate::lint::schemas::{Schema, SchemaPlace};
use apifox_document::diagnostics::shortened;
use apifox_document::place_name;
use apifox_document::pointer::{JsonPointerExt as _, JsonValueExt as _, decoded};

pub(in crate::lint) fn discriminator_property(
    context: &Context<'_>,
    schema: &Schema<'_>,
    findings: &mut Findings<'_>,
) {
    let discriminator = schema.get("discriminator");
    let name = discriminator.and_then(|named| named.get("propertyName")?.as_str());
    let Some(name) = name else {
        return;
    };
    // Since OpenAPI 3.2 it may say which alternative is meant without the property.
    let is_optional = discriminator.is_some_and(|named| named.get("defaultMapping").is_some());
    let pointer = schema.member_pointer("discriminator").child("propertyName");
    for list in ["oneOf", "anyOf"] {
        let alternatives = schema.get(list).and_then(Value::as_array);
        for (index, written) in alternatives.into_iter().flatten().enumerate() {
            let place = SchemaPlace {
                root: schema.place.root.clone(),
                pointer: schema.member_pointer(list).child(index),
            };
            let Some(property) = property(context, &place, name) else {
                continue;
            };
            let what = match (property.is_declared, property.is_required || is_optional) {
                (true, true) => continue,
                (true, false) => "does not require",
                (false, _) => "does not declare",
            };
            let alternative = match written.get("$ref").and_then(Value::as_str) {
                Some(target) => place_name(&decoded(target)),
                None => format!("{list}/{index}"),
            };
            let shown = shortened(&name.into());
            let message = format!("{alternative} {what} {shown}, which discriminator names");
            let help = "declare the property in each alternative, and require it";
            findings.add(&pointer, message, help, Patch::empty());
        }
    }
}

/// What a schema says of a property.
struct Property {
    is_declared: bool,
    is_required: bool,
}

/// What a schema says of a property, with what it refers to and its parts; `None` where it is
/// not known, accepts no objects, or says what it is by more than that.
fn property(context: &Context<'_>, place: &SchemaPlace, name: &str) -> Option<Property> {
    let mut found = Property {
        is_declared: false,
        is_required: false,
    };
    let mut pending = vec![place.pointer.clone()];
    let mut seen = HashSet::new();
    while let Some(pointer) = pending.pop() {
        if !seen.insert(pointer.clone()) {
            continue;
        }
        let members = context.api.json.value_at(&pointer)?.as_object()?;
        let own = |list: &str| members.get(list);
        let is_of_objects = match own("type") {
            Some(Value::String(one)) => one == "object",
            Some(Value::Array(types)) => types.iter().any(|one| one == "object"),
            _ => true,
        };
        if !is_of_objects || own("oneOf").is_some() || own("anyOf").is_some() {
            return None;
        }
        found.is_declared |= own("properties").is_some_and(|all| all.get(name).is_some());
        let required = own("required").and_then(Value::as_array);
        found.is_required |= required.is_some_and(|names| names.iter().any(|one| one == name));
        if let Some(reference) = own("$ref").and_then(Value::as_str) {
            pending.push(context.reference_target(&place.root, reference)?);
        }
        let parts = own("allOf").and_then(Value::as_array).map_or(0, Vec::len);
        pending.extend((0..parts).map(|index| pointer.child("allOf").child(index)));
    }
    Some(found)
}
