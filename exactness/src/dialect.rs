//! What a document's schemas say, as plain JSON Schema 2020-12: written from the
//! description of Apifox's dialect, and sharing nothing with the generator.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

/// How references in a document are read.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Form {
    Project,
    OpenApi,
    Item,
}

/// Turns the schemas of one document into plain ones.
#[derive(Debug)]
pub struct Dialect<'d> {
    document: &'d Value,
    form: Form,
    /// Whether the document is OpenAPI 3.0, where nothing counts beside `$ref`.
    is_30: bool,
    /// The places of a project's models, by id.
    models: HashMap<String, String>,
    /// The places that references lead to, in the order they were met.
    places: Vec<String>,
    /// The schemas at those places, as `d0`, `d1` and so on.
    definitions: Map<String, Value>,
}

/// Whether a keyword may have a value.
type IsFormed = fn(&Value) -> bool;

/// The keywords that restrict something, with the form of their values.
const KEYWORDS: [(&str, IsFormed); 37] = [
    ("additionalProperties", is_schema),
    ("allOf", is_schemas),
    ("anyOf", is_schemas),
    ("const", |_| true),
    ("contains", is_schema),
    ("dependentRequired", Value::is_object),
    ("dependentSchemas", Value::is_object),
    ("else", is_schema),
    ("enum", Value::is_array),
    ("exclusiveMaximum", Value::is_number),
    ("exclusiveMinimum", Value::is_number),
    ("if", is_schema),
    ("items", is_schema),
    ("maxContains", is_count),
    ("maxItems", is_count),
    ("maxLength", is_count),
    ("maxProperties", is_count),
    ("maximum", Value::is_number),
    ("minContains", is_count),
    ("minItems", is_count),
    ("minLength", is_count),
    ("minProperties", is_count),
    ("minimum", Value::is_number),
    ("multipleOf", |value| {
        value.as_f64().is_some_and(|number| number > 0.0)
    }),
    ("not", is_schema),
    ("oneOf", is_schemas),
    ("pattern", is_pattern),
    ("patternProperties", Value::is_object),
    ("prefixItems", is_schemas),
    ("properties", Value::is_object),
    ("propertyNames", is_schema),
    ("required", Value::is_array),
    ("then", is_schema),
    ("type", |value| value.is_string() || value.is_array()),
    ("unevaluatedItems", is_schema),
    ("unevaluatedProperties", is_schema),
    ("uniqueItems", Value::is_boolean),
];

const TYPES: [&str; 7] = [
    "array", "boolean", "integer", "null", "number", "object", "string",
];

fn is_schema(value: &Value) -> bool {
    value.is_object() || value.is_boolean()
}

fn is_pattern(value: &Value) -> bool {
    jsonschema::validator_for(&json!({"pattern": value})).is_ok()
}

fn is_schemas(value: &Value) -> bool {
    value.as_array().is_some_and(|items| !items.is_empty())
}

fn is_count(value: &Value) -> bool {
    value
        .as_f64()
        .is_some_and(|number| number >= 0.0 && number.fract() == 0.0)
}

impl<'d> Dialect<'d> {
    /// For the schemas in `document`.
    #[must_use]
    pub fn new(document: &'d Value) -> Self {
        let form =
            if document.get("apifoxProject").is_some() || document["apiCollection"].is_array() {
                Form::Project
            } else if document.get("openapi").is_some() {
                Form::OpenApi
            } else {
                Form::Item
            };
        let mut models = HashMap::new();
        for collection in ["schemaCollection", "dataSchemaCollection"] {
            let place = format!("/{collection}");
            models_of(&document[collection], &place, &mut models);
        }
        Self {
            document,
            form,
            is_30: is_openapi_30(document),
            models,
            places: Vec::new(),
            definitions: Map::new(),
        }
    }

    /// The plain form of the schema at `place`, to be used within [`Self::whole`].
    pub fn at(&mut self, place: &str) -> Value {
        match self.document.pointer(place) {
            Some(schema) => self.schema(schema, place),
            None => json!(true),
        }
    }

    /// The plain form of a schema that references in it start from `root`.
    pub fn schema(&mut self, schema: &Value, root: &str) -> Value {
        // What mixes in may do so within itself: it is written down once.
        let text = schema.to_string();
        if self.form == Form::Project && text.contains("\"x-apifox-refs\"") {
            let key = format!("mixed {text}");
            return json!({"$ref": self.definition(&key, |dialect| dialect.plain(schema, root))});
        }
        self.plain(schema, root)
    }

    fn plain(&mut self, schema: &Value, root: &str) -> Value {
        let Value::Object(members) = schema else {
            return if schema.is_boolean() {
                schema.clone()
            } else {
                json!(true)
            };
        };
        let mut members = members.clone();
        if self.form == Form::Project {
            self.mix_in(&mut members, &mut Vec::new());
        }
        if self.is_30 && members.get("$ref").is_some_and(Value::is_string) {
            members.retain(|name, _| matches!(name.as_str(), "$ref" | "nullable"));
        }
        pending(&mut members);
        older(&mut members);
        let mut plain = Map::new();
        for (name, is_formed) in KEYWORDS {
            if let Some(value) = members.get(name).map(meant).filter(is_formed) {
                plain.insert(name.into(), self.below(name, &value, root));
            }
        }
        types(&mut plain);
        alternatives(&members, &mut plain);
        if let Some(target) = members.get("$ref").and_then(Value::as_str)
            && let Some(place) = self.place(target, root)
        {
            let schema = self.document.pointer(&place).cloned().unwrap_or_default();
            let target = self.definition(&place, |dialect| dialect.schema(&schema, root));
            plain.insert("$ref".into(), target.into());
        }
        match members.get("nullable") {
            Some(Value::Bool(true)) => nullable(plain),
            _ => plain.into(),
        }
    }

    /// A schema with all that was referred to so far.
    #[must_use]
    pub fn whole(&self, mut schema: Value) -> Value {
        if let Value::Object(members) = &mut schema {
            members.insert("$defs".into(), self.definitions.clone().into());
        }
        schema
    }

    fn below(&mut self, name: &str, value: &Value, root: &str) -> Value {
        match (name, value) {
            ("allOf" | "anyOf" | "oneOf" | "prefixItems", Value::Array(items)) => {
                items.iter().map(|item| self.schema(item, root)).collect()
            }
            ("properties" | "patternProperties" | "dependentSchemas", Value::Object(named)) => {
                let is_kept =
                    |pattern: &str| name != "patternProperties" || is_pattern(&json!(pattern));
                let named = named.iter().filter(|(name, _)| is_kept(name));
                let each = named.map(|(name, schema)| (name.clone(), self.schema(schema, root)));
                each.collect::<Map<_, _>>().into()
            }
            ("required", Value::Array(names)) => {
                let mut distinct: Vec<Value> = Vec::new();
                for name in names.iter().filter(|name| name.is_string()) {
                    if !distinct.contains(name) {
                        distinct.push(name.clone());
                    }
                }
                distinct.into()
            }
            (
                "additionalProperties"
                | "contains"
                | "else"
                | "if"
                | "items"
                | "not"
                | "propertyNames"
                | "then"
                | "unevaluatedItems"
                | "unevaluatedProperties",
                value,
            ) => self.schema(value, root),
            _ => value.clone(),
        }
    }

    /// The place that a reference leads to, if it leads anywhere.
    fn place(&self, target: &str, root: &str) -> Option<String> {
        if let Some(place) = self.models.get(target) {
            return Some(place.clone());
        }
        if self.form == Form::OpenApi
            && !self.is_30
            && !target.starts_with("#/")
            && let Some(place) = self.called(self.document, target, "")
        {
            return Some(place);
        }
        let fragment = target.strip_prefix('#')?;
        let pointer = percent_encoding(fragment);
        let place = match self.form {
            Form::Item => format!("{root}{pointer}"),
            _ => pointer,
        };
        self.document.pointer(&place).map(|_| place)
    }

    /// The place of the schema that `$anchor` or `$id` call so.
    fn called(&self, value: &Value, target: &str, place: &str) -> Option<String> {
        let anchor = target.strip_prefix('#');
        if value["$id"] == target || anchor.is_some_and(|anchor| value["$anchor"] == anchor) {
            return Some(place.to_owned());
        }
        let members = value.as_object().into_iter().flatten();
        let mut members = members.map(|(name, value)| {
            let step = name.replace('~', "~0").replace('/', "~1");
            (format!("{place}/{step}"), value)
        });
        members.find_map(|(place, value)| self.called(value, target, &place))
    }

    /// The reference to what is made once for `key`.
    fn definition(&mut self, key: &str, make: impl FnOnce(&mut Self) -> Value) -> String {
        if let Some(at) = self.places.iter().position(|place| place == key) {
            return format!("#/$defs/d{at}");
        }
        let name = format!("d{}", self.places.len());
        self.places.push(key.to_owned());
        let plain = make(self);
        self.definitions.insert(name.clone(), plain);
        format!("#/$defs/{name}")
    }

    /// Puts in what `x-apifox-refs` mixes in: what the schema says itself counts
    /// for more.
    fn mix_in(&self, members: &mut Map<String, Value>, around: &mut Vec<String>) {
        let Some(Value::Object(refs)) = members.remove("x-apifox-refs") else {
            return;
        };
        for mixin in refs.values() {
            let Some(place) = mixin["$ref"]
                .as_str()
                .and_then(|target| self.place(target, ""))
            else {
                continue;
            };
            let Some(Value::Object(mut model)) = self.document.pointer(&place).cloned() else {
                continue;
            };
            // A model within itself adds its own properties, and no more.
            if around.contains(&place) {
                model.remove("x-apifox-refs");
            }
            around.push(place);
            self.mix_in(&mut model, around);
            around.pop();
            let mut properties = model
                .get("properties")
                .and_then(Value::as_object)
                .cloned()
                .unwrap_or_default();
            for (name, value) in mixin["x-apifox-overrides"]
                .as_object()
                .into_iter()
                .flatten()
            {
                match value.is_null() {
                    true => drop(properties.remove(name)),
                    false => drop(properties.insert(name.clone(), value.clone())),
                }
            }
            let required = mixin.get("required").or_else(|| model.get("required"));
            let required = required
                .and_then(Value::as_array)
                .cloned()
                .unwrap_or_default();
            let required = required.into_iter().filter(|name| {
                name.as_str()
                    .is_some_and(|name| properties.contains_key(name))
            });
            if !members.get("required").is_some_and(Value::is_array) {
                members.insert("required".into(), json!([]));
            }
            if let Some(Value::Array(own)) = members.get_mut("required") {
                own.extend(required);
            }
            if !members.get("properties").is_some_and(Value::is_object) {
                members.insert("properties".into(), json!({}));
            }
            if let Some(Value::Object(own)) = members.get_mut("properties") {
                for (name, value) in properties {
                    own.entry(name).or_insert(value);
                }
            }
        }
    }
}

fn models_of(items: &Value, place: &str, models: &mut HashMap<String, String>) {
    for (index, item) in items.as_array().into_iter().flatten().enumerate() {
        let place = format!("{place}/{index}");
        let held = if item["schema"].get("jsonSchema").is_some() {
            "/schema/jsonSchema"
        } else if item.get("jsonSchema").is_some() {
            "/jsonSchema"
        } else {
            ""
        };
        if !held.is_empty() {
            let id = match &item["id"] {
                Value::String(id) if id.starts_with('#') => id.clone(),
                Value::String(id) => format!("#/definitions/{id}"),
                id => format!("#/definitions/{id}"),
            };
            models.insert(id, format!("{place}{held}"));
        }
        for within in ["items", "children"] {
            models_of(&item[within], &format!("{place}/{within}"), models);
        }
    }
}

/// Numbers in quotes are meant as numbers.
fn meant(value: &Value) -> Value {
    let number = value
        .as_str()
        .and_then(|text| serde_json::from_str::<serde_json::Number>(text).ok());
    number.map_or_else(|| value.clone(), Value::from)
}

/// What the editor left unfinished is not there.
fn pending(members: &mut Map<String, Value>) {
    let mut left = Vec::new();
    if let Some(Value::Object(properties)) = members.get_mut("properties") {
        properties.retain(|name, property| {
            let is_pending = property["x-tmp-pending-properties"] == true;
            if is_pending {
                left.push(name.clone());
            }
            !is_pending
        });
    }
    if let Some(Value::Array(required)) = members.get_mut("required") {
        required.retain(|name| left.iter().all(|left| name != left));
    }
}

/// What older drafts and editors write otherwise.
fn older(members: &mut Map<String, Value>) {
    for (exclusive, inclusive) in [
        ("exclusiveMinimum", "minimum"),
        ("exclusiveMaximum", "maximum"),
    ] {
        if let Some(Value::Bool(is)) = members.get(exclusive).cloned() {
            members.remove(exclusive);
            if is && let Some(limit) = members.remove(inclusive) {
                members.insert(exclusive.into(), limit);
            }
        }
    }
    if let Some(Value::Array(prefix)) = members.get("items").cloned() {
        members.remove("items");
        if !prefix.is_empty() {
            members.insert("prefixItems".into(), prefix.into());
        }
        if let Some(rest) = members.remove("additionalItems") {
            members.insert("items".into(), rest);
        }
    }
    if let Some(pattern) = members.get("pattern").and_then(Value::as_str)
        && let Some((source, flags)) = pattern
            .strip_prefix('/')
            .and_then(|literal| literal.rsplit_once('/'))
        && !source.is_empty()
        && flags.chars().all(|flag| "dgimsuvy".contains(flag))
    {
        let source = source.replace("\\/", "/");
        match flags.contains(['i', 'm', 's']) {
            true => drop(members.remove("pattern")),
            false => drop(members.insert("pattern".into(), source.into())),
        }
    }
}

/// Types by their names in JSON Schema; all of them are none.
fn types(plain: &mut Map<String, Value>) {
    let names = match plain.remove("type") {
        Some(Value::Array(names)) => names,
        Some(name) => vec![name],
        None => return,
    };
    let mut types = Vec::new();
    for name in names.iter().filter_map(Value::as_str) {
        let name = match name.to_ascii_lowercase().as_str() {
            "int" | "long" | "int32" | "int64" => "integer".into(),
            "float" | "double" => "number".into(),
            "bool" => "boolean".into(),
            "file" | "date" | "datetime" | "text" => "string".into(),
            other => other.to_owned(),
        };
        if !TYPES.contains(&name.as_str()) {
            return;
        }
        if !types.contains(&json!(name)) {
            types.push(Value::from(name));
        }
    }
    if !types.is_empty() && !covers_all(&types) {
        plain.insert("type".into(), types.into());
    }
}

fn covers_all(types: &[Value]) -> bool {
    TYPES
        .iter()
        .all(|kind| *kind == "integer" || types.iter().any(|name| name == kind))
}

/// `{nullable: true}` among alternatives is `null`, and every type is anything.
fn alternatives(members: &Map<String, Value>, plain: &mut Map<String, Value>) {
    for keyword in ["anyOf", "oneOf"] {
        let (Some(Value::Array(written)), Some(Value::Array(read))) =
            (members.get(keyword), plain.get_mut(keyword))
        else {
            continue;
        };
        for (written, read) in written.iter().zip(read.iter_mut()) {
            if written["nullable"] == true && is_nullable_alone(written) {
                *read = json!({"type": "null"});
            }
        }
        let bare: Vec<Value> = written
            .iter()
            .filter(|schema| is_bare(schema))
            .map(|schema| schema["type"].clone())
            .collect();
        if bare.len() == written.len() && covers_all(&bare) {
            plain.remove(keyword);
        }
    }
}

/// Whether a schema has no member but `nullable` and extensions.
fn is_nullable_alone(schema: &Value) -> bool {
    let mut names = schema.as_object().into_iter().flat_map(Map::keys);
    names.all(|name| name == "nullable" || name.starts_with("x-"))
}

/// Whether a schema says a type and what the editor adds to it.
fn is_bare(schema: &Value) -> bool {
    schema.as_object().is_some_and(|members| {
        members.get("type").is_some_and(Value::is_string)
            && members.iter().all(|(name, value)| {
                matches!(name.as_str(), "type" | "title" | "description")
                    || name.starts_with("x-")
                    || matches!(name.as_str(), "items" | "properties" | "required")
                        && (*value == json!({}) || *value == json!([]))
            })
    })
}

/// `null` as well as what the schema says, whatever it says.
fn nullable(plain: Map<String, Value>) -> Value {
    json!({"anyOf": [plain, {"type": "null"}]})
}

fn is_openapi_30(document: &Value) -> bool {
    let version = document["openapi"].as_str();
    version.is_some_and(|version| version.starts_with("3.0"))
}

/// A document as bodies of one direction see it: in OpenAPI 3.0 they need no properties that
/// `keyword` (`readOnly` or `writeOnly`) keeps out.
#[must_use]
pub fn directed(document: &Value, keyword: &str) -> Value {
    let mut directed = document.clone();
    if is_openapi_30(document) {
        direct(&mut directed, &[], document, keyword, 8);
    }
    directed
}

fn direct(value: &mut Value, around: &[String], document: &Value, keyword: &str, farthest: usize) {
    let kept_out = [around, &kept_out(value, document, keyword, 8)].concat();
    stand_in(value, &kept_out, document, keyword, farthest);
    match value {
        Value::Array(items) => {
            for item in items {
                direct(item, around, document, keyword, farthest);
            }
        }
        Value::Object(members) => {
            if let Some(Value::Array(required)) = members.get_mut("required") {
                required.retain(|name| kept_out.iter().all(|other| name != other));
            }
            for (name, member) in members.iter_mut().filter(|(name, _)| *name != "not") {
                let is_same = matches!(name.as_str(), "allOf" | "anyOf" | "oneOf");
                let around = if is_same { &kept_out[..] } else { &[] };
                direct(member, around, document, keyword, farthest);
            }
        }
        _ => {}
    }
}

/// Puts what a reference leads to in its place, where it requires what is kept out around it: it
/// is another schema here than for others.
fn stand_in(
    value: &mut Value,
    around: &[String],
    document: &Value,
    keyword: &str,
    farthest: usize,
) {
    let target = value["$ref"]
        .as_str()
        .and_then(|target| target.strip_prefix('#'));
    let target = target.and_then(|target| document.pointer(&percent_encoding(target)));
    let (Some(target), Some(members)) = (target, value.as_object_mut()) else {
        return;
    };
    let own = kept_out(target, document, keyword, 8);
    if farthest == 0 || around.iter().all(|name| own.contains(name)) {
        return;
    }
    let as_for_others = {
        let mut target = target.clone();
        direct(&mut target, &[], document, keyword, farthest - 1);
        target
    };
    let mut here = target.clone();
    direct(&mut here, around, document, keyword, farthest - 1);
    if here != as_for_others {
        members.remove("$ref");
        let all = members.remove("allOf");
        let all = all.as_ref().and_then(Value::as_array).into_iter().flatten();
        let all: Vec<Value> = all.cloned().chain([here]).collect();
        members.insert("allOf".to_owned(), all.into());
    }
}

/// The properties of a schema that a keyword keeps out, with those of what it takes together.
fn kept_out(schema: &Value, document: &Value, keyword: &str, farthest: usize) -> Vec<String> {
    let mut names = Vec::new();
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        if has_mark(property, document, keyword, 8) {
            names.push(name.clone());
        }
    }
    if farthest > 0 {
        for part in together(schema, document) {
            names.extend(kept_out(part, document, keyword, farthest - 1));
        }
    }
    names
}

fn has_mark(property: &Value, document: &Value, keyword: &str, farthest: usize) -> bool {
    let mut parts = together(property, document).into_iter();
    property[keyword] == true
        || farthest > 0 && parts.any(|part| has_mark(part, document, keyword, farthest - 1))
}

fn together<'d>(schema: &'d Value, document: &'d Value) -> Vec<&'d Value> {
    let target = schema["$ref"]
        .as_str()
        .and_then(|target| target.strip_prefix('#'));
    let target = target.and_then(|target| document.pointer(&percent_encoding(target)));
    let all = schema["allOf"].as_array().into_iter().flatten();
    all.chain(target).collect()
}

fn percent_encoding(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let digits = after
            .get(..2)
            .and_then(|digits| std::str::from_utf8(digits).ok());
        match digits
            .and_then(|digits| u8::from_str_radix(digits, 16).ok())
            .filter(|_| *first == b'%')
        {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}
