//! Generating code for very many operations.

use std::hint::black_box;
use std::rc::Rc;

use schemars::Map;
use schemars::schema::{RootSchema, Schema};
use serde_json::{Value, json};
use typify::{TypeSpace, TypeSpaceSettings};

use crate::contest::Contest;

/// The document that is varied, unless the environment names others.
const SHOP: &str = include_str!("../documents/shop.json");

/// The variable that names a directory of OpenAPI documents in JSON, to be varied
/// instead of the one that comes along.
pub const DOCUMENTS: &str = "INKSTONE_BENCH_DOCUMENTS";

/// What is measured.
pub const WHAT: &str = "generate 1,000 operations";

/// How many operations are generated.
pub const OPERATIONS: usize = 1000;

/// Generating the code for [`OPERATIONS`] operations, whatever is wanted of each.
///
/// # Panics
///
/// When the directory that the environment names can't be read.
#[must_use]
pub fn contest() -> Contest {
    let document = Rc::new(document(OPERATIONS));
    let schemas = Rc::new(schemas(&document));
    let ours = ours(&document);
    assert_eq!(ours.matches("impl rt::Endpoint for").count(), OPERATIONS);
    let typed = |code: &str| code.matches("pub struct ").count();
    assert!(typed(&ours) > OPERATIONS && typed(&typifys(&schemas)) > OPERATIONS);
    Contest {
        what: WHAT,
        against: "typify + prettyplease, the schemas alone",
        wanted: 1.5,
        ours: Box::new(move || drop(black_box(self::ours(&document)))),
        peer: Box::new(move || drop(black_box(typifys(&schemas)))),
    }
}

/// A document with `count` operations, no two of them alike.
///
/// # Panics
///
/// When the directory that the environment names can't be read.
#[must_use]
pub fn document(count: usize) -> Value {
    let templates = templates();
    let mut paths = serde_json::Map::new();
    let mut schemas = serde_json::Map::new();
    let mut made = 0;
    for (round, template) in (1..).zip(templates.iter().cycle()) {
        let varied = varied(template, round);
        extend(&mut schemas, &varied["components"]["schemas"]);
        for (path, methods) in members(&varied["paths"]) {
            let methods: serde_json::Map<_, _> = members(methods)
                .filter(|(_, operation)| operation.get("responses").is_some())
                .take(count - made)
                .map(|(method, operation)| (method.clone(), operation.clone()))
                .collect();
            made += methods.len();
            if !methods.is_empty() {
                paths.insert(format!("/v{round}{path}"), methods.into());
            }
        }
        if made == count {
            break;
        }
    }
    json!({
        "openapi": "3.0.1",
        "info": {"title": "Very much", "version": "1"},
        "paths": paths,
        "components": {"schemas": schemas},
    })
}

fn templates() -> Vec<Value> {
    let Some(directory) = std::env::var_os(DOCUMENTS) else {
        return vec![serde_json::from_str(SHOP).expect("the document is JSON")];
    };
    let mut files: Vec<_> = std::fs::read_dir(directory)
        .expect("the directory can be read")
        .map(|entry| entry.expect("an entry can be read").path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "json")
        })
        .collect();
    files.sort();
    let read = |path| std::fs::read_to_string(path).expect("a document can be read");
    files
        .into_iter()
        .map(|path| serde_json::from_str(&read(path)).expect("a document is JSON"))
        .collect()
}

/// The same with other names and other bounds.
fn varied(value: &Value, round: usize) -> Value {
    let rename = |name: &str| format!("{name}{round}");
    match value {
        Value::Array(items) => items.iter().map(|item| varied(item, round)).collect(),
        Value::Object(fields) => fields
            .iter()
            .map(|(key, value)| {
                let varied = match (key.as_str(), value) {
                    ("operationId" | "$ref", Value::String(name)) => rename(name).into(),
                    ("maxLength" | "maximum" | "maxItems", Value::Number(bound)) => bound
                        .as_u64()
                        .map_or(value.clone(), |number| (number + round as u64).into()),
                    ("schemas", Value::Object(schemas)) => schemas
                        .iter()
                        .map(|(name, schema)| (rename(name), varied(schema, round)))
                        .collect(),
                    _ => varied(value, round),
                };
                (key.clone(), varied)
            })
            .collect(),
        other => other.clone(),
    }
}

/// Our code for a document: types that check, and operations that can be called.
///
/// # Panics
///
/// When the generator refuses the document.
#[must_use]
pub fn ours(document: &Value) -> String {
    let code = apifox_build::rust("many.json", document.clone(), "Root");
    code.map_err(|problems| problems.to_string())
        .expect("the document is fine")
        .text
}

/// typify's code for schemas: types alone.
///
/// # Panics
///
/// When typify refuses a schema.
#[must_use]
pub fn typifys(schemas: &Map<String, Schema>) -> String {
    let mut space = TypeSpace::new(&TypeSpaceSettings::default());
    let root = RootSchema {
        definitions: schemas.clone(),
        ..RootSchema::default()
    };
    space.add_root_schema(root).expect("typify takes them");
    let file = syn::parse2(space.to_stream()).expect("typify writes Rust");
    prettyplease::unparse(&file)
}

/// Every schema of a document that a type is made of, under a name for typify.
///
/// # Panics
///
/// When one is not a schema.
#[must_use]
pub fn schemas(document: &Value) -> Map<String, Schema> {
    let mut schemas = Map::new();
    let mut add = |name: String, schema: &Value| {
        schemas.insert(name, for_typify(schema));
    };
    for (name, schema) in members(&document["components"]["schemas"]) {
        add(name.clone(), schema);
    }
    let operations = members(&document["paths"]).flat_map(|(_, methods)| members(methods));
    for (at, (_, operation)) in operations.enumerate() {
        let name = format!("Operation{at}");
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        if let Some(schema) = of_parameters(parameters) {
            add(format!("{name}Parameters"), &schema);
        }
        if let Some(schema) = content(&operation["requestBody"]) {
            add(format!("{name}Body"), schema);
        }
        for (status, response) in members(&operation["responses"]) {
            if let Some(schema) = content(response) {
                add(format!("{name}Reply{status}"), schema);
            }
        }
    }
    schemas
}

/// An operation's parameters as an object's fields.
fn of_parameters<'v>(parameters: impl Iterator<Item = &'v Value>) -> Option<Value> {
    let mut required = Vec::new();
    let mut properties = serde_json::Map::new();
    for parameter in parameters {
        let name = parameter["name"].as_str()?;
        if parameter["required"] == true {
            required.push(name);
        }
        properties.insert(name.to_owned(), parameter["schema"].clone());
    }
    let is_any = !properties.is_empty();
    is_any.then(|| json!({"type": "object", "required": required, "properties": properties}))
}

fn content(body: &Value) -> Option<&Value> {
    body["content"]["application/json"].get("schema")
}

fn for_typify(schema: &Value) -> Schema {
    let text = schema.to_string();
    let text = text.replace("#/components/schemas/", "#/definitions/");
    serde_json::from_str(&text).expect("a schema")
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn extend(into: &mut serde_json::Map<String, Value>, from: &Value) {
    let members = members(from).map(|(key, value)| (key.clone(), value.clone()));
    into.extend(members);
}
