//! The rule about `discriminator`: the property that tells alternatives apart is one of each.

use serde_json::Value;

use crate::lint::context::Context;
use crate::lint::corrections::patch::Patch;
use crate::lint::finding::Findings;
use crate::lint::schemas::{Schema, SchemaPlace};
use apifox_document::diagnostics::shortened;
use apifox_document::place_name;
use apifox_document::pointer::{JsonPointerExt as _, decoded};

/// How deep parts of schemas are looked into; schemas refer to themselves.
const DEEPEST: usize = 8;

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
    let pointer = schema.member_pointer("discriminator").child("propertyName");
    for list in ["oneOf", "anyOf"] {
        let alternatives = schema.get(list).and_then(Value::as_array);
        for (index, written) in alternatives.into_iter().flatten().enumerate() {
            let place = SchemaPlace {
                root: schema.place.root.clone(),
                pointer: schema.member_pointer(list).child(index),
            };
            let Property::Known {
                is_declared,
                is_required,
            } = property(context, &place, name, 0)
            else {
                continue;
            };
            let what = match (is_declared, is_required) {
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
enum Property {
    /// The schema is not known, accepts no objects, or says what it is by more than its parts.
    Unknown,
    Known {
        is_declared: bool,
        is_required: bool,
    },
}

fn property(context: &Context<'_>, place: &SchemaPlace, name: &str, depth: usize) -> Property {
    let resolved = context.resolve_schema(place).filter(|_| depth < DEEPEST);
    let Some((pointer, Value::Object(members))) = resolved else {
        return Property::Unknown;
    };
    let is_of_objects = match members.get("type") {
        Some(Value::String(one)) => one == "object",
        Some(Value::Array(types)) => types.iter().any(|one| one == "object"),
        _ => true,
    };
    if !is_of_objects || members.contains_key("oneOf") || members.contains_key("anyOf") {
        return Property::Unknown;
    }
    let own = |list: &str| members.get(list);
    let mut is_declared = own("properties").is_some_and(|all| all.get(name).is_some());
    let required = own("required").and_then(Value::as_array);
    let mut is_required = required.is_some_and(|names| names.iter().any(|one| one == name));
    let parts = own("allOf").and_then(Value::as_array).map_or(0, Vec::len);
    for index in 0..parts {
        let part = SchemaPlace {
            root: place.root.clone(),
            pointer: pointer.child("allOf").child(index),
        };
        match property(context, &part, name, depth + 1) {
            Property::Unknown => return Property::Unknown,
            Property::Known {
                is_declared: declared,
                is_required: required,
            } => {
                is_declared |= declared;
                is_required |= required;
            }
        }
    }
    Property::Known {
        is_declared,
        is_required,
    }
}
