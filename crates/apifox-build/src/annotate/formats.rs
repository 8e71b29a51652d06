//! Which formats are asserted, and how a schema says so.

use std::cmp::Ordering;
use std::collections::{BTreeSet, HashSet};

use serde_json::{Map, Value, json};

use apifox_document::api::Api;
use apifox_document::diagnostics::Diagnostic;
use apifox_document::forms::dialect::schemas_of;
use apifox_document::pointer::decoded;
use apifox_document::schema::{JsonType, visit_subschemas_mut};
use apifox_runtime::{Decimal, Format};

/// The formats that [`Builder::formats`](crate::Builder::formats) can assert.
///
/// `binary` is any string in JSON. In a form, and as a body, it is a file without being
/// named.
pub const FORMATS: [&str; 21] = [
    "date-time",
    "date",
    "time",
    "duration",
    "uuid",
    "uri",
    "email",
    "ipv4",
    "ipv6",
    "byte",
    "binary",
    "int8",
    "int16",
    "int32",
    "int64",
    "uint8",
    "uint16",
    "uint32",
    "uint64",
    "float",
    "double",
];

/// What a format says.
enum Asserted {
    /// What a string is.
    Text(&'static str),
    /// The least and the most that an integer is.
    Integer(i64, u64),
    /// What a number is, and the most that it is.
    Number(&'static str, Option<f64>),
    /// Nothing.
    Anything,
}

fn asserted(name: &str) -> Option<Asserted> {
    if let Some(format) = Format::named(name) {
        return Some(Asserted::Text(format.name()));
    }
    Some(match name {
        "binary" => Asserted::Anything,
        "int8" => Asserted::Integer(i8::MIN.into(), i8::MAX as u64),
        "int16" => Asserted::Integer(i16::MIN.into(), i16::MAX as u64),
        "int32" => Asserted::Integer(i32::MIN.into(), i32::MAX as u64),
        "int64" => Asserted::Integer(i64::MIN, i64::MAX as u64),
        "uint8" => Asserted::Integer(0, u8::MAX.into()),
        "uint16" => Asserted::Integer(0, u16::MAX.into()),
        "uint32" => Asserted::Integer(0, u32::MAX.into()),
        "uint64" => Asserted::Integer(0, u64::MAX),
        "float" => Asserted::Number("float", Some(f32::MAX.into())),
        "double" => Asserted::Number("double", None),
        _ => return None,
    })
}

/// Writes into the schemas of an API what their formats say, as keywords that assert it.
/// What can't be said is reported.
pub(crate) fn assert(api: &mut Api, file: &str, formats: &[String]) {
    if formats.is_empty() {
        return;
    }
    let mut places: BTreeSet<String> = api.models.keys().cloned().collect();
    for endpoint in api.operations.iter().chain(&api.incoming) {
        schemas_of(endpoint, &mut places);
    }
    // A document of one schema has it there, or is one.
    places.insert("/jsonSchema".to_owned());
    if api.operations.is_empty() && api.models.is_empty() {
        places.insert(String::new());
    }
    let mut writer = Writer {
        file,
        formats,
        known: HashSet::new(),
        references: Vec::new(),
        unsupported: Vec::new(),
    };
    let mut pending: Vec<(String, String)> = places
        .into_iter()
        .map(|place| (place.clone(), place))
        .collect();
    while let Some((root, place)) = pending.pop() {
        if let Some(schema) = api.json.pointer_mut(&place) {
            writer.schema(schema, &place);
        }
        for reference in writer.references.drain(..) {
            let Some(pointer) = reference.strip_prefix('#').map(decoded) else {
                continue;
            };
            let target = match api.is_shared {
                true => pointer,
                false => format!("{root}{pointer}"),
            };
            pending.push((root.clone(), target));
        }
    }
    api.unsupported.extend(writer.unsupported);
}

struct Writer<'f> {
    file: &'f str,
    formats: &'f [String],
    /// The places of the schemas that were written.
    known: HashSet<String>,
    /// The references that were come across.
    references: Vec<String>,
    unsupported: Vec<Diagnostic>,
}

impl Writer<'_> {
    fn schema(&mut self, schema: &mut Value, place: &str) {
        let Value::Object(members) = schema else {
            return;
        };
        if !self.known.insert(place.to_owned()) {
            return;
        }
        let text = |name| members.get(name).and_then(Value::as_str).map(str::to_owned);
        self.references.extend(text("$ref"));
        let name = text("format").filter(|name| self.formats.contains(name));
        if let Some(name) = name {
            self.keyword(members, &name, place);
        }
        visit_subschemas_mut(members, |pointer, subschema| {
            self.schema(subschema, &format!("{place}{pointer}"));
        });
    }

    fn keyword(&mut self, members: &mut Map<String, Value>, name: &str, place: &str) {
        let types = members.get("type").and_then(JsonType::list);
        let has = |one| types.as_ref().is_none_or(|types| types.contains(&one));
        let has_number = has(JsonType::Number) || has(JsonType::Integer);
        let (says, is_heeded) = match asserted(name) {
            None | Some(Asserted::Anything) => return,
            Some(Asserted::Text(format)) => {
                members.insert("x-format".to_owned(), format.into());
                ("strings", has(JsonType::String))
            }
            Some(Asserted::Integer(least, most)) => {
                within(members, &json!(least), &json!(most));
                only_integers(members);
                ("numbers", has_number)
            }
            Some(Asserted::Number(format, most)) => {
                members.insert("x-format".to_owned(), format.into());
                if let Some(most) = most {
                    within(members, &json!(-most), &json!(most));
                }
                ("numbers", has_number)
            }
        };
        if !is_heeded {
            let message = format!("{name} says something of {says} only");
            let help = "correct the type or the format, if this is not meant";
            let note = Diagnostic::new(self.file, place, message, help);
            self.unsupported.push(note.with_keyword(Some("format")));
        }
    }
}

/// Sets bounds, where there are none that are closer.
fn within(members: &mut Map<String, Value>, least: &Value, most: &Value) {
    for (keyword, limit, is_closer) in [
        ("minimum", least, Ordering::Greater),
        ("maximum", most, Ordering::Less),
    ] {
        let own = members.get(keyword);
        if own.and_then(|own| compare(own, limit)) != Some(is_closer) {
            members.insert(keyword.to_owned(), limit.clone());
        }
    }
}

fn compare(a: &Value, b: &Value) -> Option<Ordering> {
    Some(Decimal::from_value(a)?.compare(Decimal::from_value(b)?))
}

/// Has numbers be integers.
fn only_integers(members: &mut Map<String, Value>) {
    let Some(types) = members.get("type").and_then(JsonType::list) else {
        let all = members.entry("allOf").or_insert(json!([]));
        if let Value::Array(all) = all {
            all.push(json!({"multipleOf": 1}));
        }
        return;
    };
    if types.contains(&JsonType::Number) {
        let mut names: Vec<&str> = types.iter().map(|one| one.name()).collect();
        names.retain(|name| !matches!(*name, "number" | "integer"));
        names.push("integer");
        members.insert("type".to_owned(), json!(names));
    }
}
