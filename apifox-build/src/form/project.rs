//! Apifox's project export: folders of operations, models and common responses.

use std::collections::BTreeMap;

use serde_json::Value;

use super::dialect::{Dialect, Models};
use super::item::{self, Reader};
use super::parameters::text;
use crate::api::{Api, Endpoint, Model};
use crate::problem::Problem;
use crate::source::Document;

/// Whether a document is of this form.
pub(crate) fn is_one(json: &Value) -> bool {
    json.get("apifoxProject").is_some() || json["apiCollection"].is_array()
}

/// Reads a document of this form. An operation that is not whole is left out,
/// and noted.
pub(super) fn read(document: &Document, is_strict: bool) -> Api {
    let mut json = document.json.clone();
    let models = models(&json);
    let common = common_responses(&json);
    let mut project = Project {
        file: &document.file,
        notes: Vec::new(),
        operations: Vec::new(),
    };
    for (pointer, tags) in folders(&json, "/apiCollection", "api") {
        project.operation(&mut json, &pointer, &tags);
    }
    for operation in &mut project.operations {
        for pointer in &common {
            operation.responses.extend(item::response(&json, pointer));
        }
    }
    let mut shared: BTreeMap<String, Model> = BTreeMap::new();
    for (pointer, it) in &models {
        shared.insert(
            pointer.clone(),
            Model {
                name: it.name.clone(),
            },
        );
    }
    for pointer in &common {
        let name = json.pointer(pointer).and_then(|it| text(it, "name"));
        let name = name.unwrap_or_else(|| "Error".to_owned());
        shared.insert(format!("{pointer}/jsonSchema"), Model { name });
    }
    let by_id = models
        .iter()
        .map(|(pointer, it)| (it.id.clone(), pointer.clone()));
    let mut dialect = Dialect::new(&document.file, Models::ById(by_id.collect()), is_strict);
    dialect.apply(&mut json, &project.operations, shared.keys());
    let info = &json["info"];
    Api {
        title: text(info, "name"),
        description: text(info, "description"),
        operations: project.operations,
        models: shared,
        is_shared: true,
        is_collection: true,
        notes: [project.notes, dialect.notes].concat(),
        json,
    }
}

struct Project<'f> {
    file: &'f str,
    notes: Vec<Problem>,
    operations: Vec<Endpoint>,
}

impl Project<'_> {
    /// The operation of the item at `pointer`, in folders of these names.
    fn operation(&mut self, json: &mut Value, pointer: &str, folders: &[String]) {
        let title = json.pointer(pointer).and_then(|it| text(it, "name"));
        let place = format!("{pointer}/api");
        let reader = Reader { file: self.file };
        match reader.endpoint(json, &place, "") {
            Ok(mut endpoint) => {
                let it = json.pointer(&place).unwrap_or(&Value::Null);
                let route = format!("{} {}", endpoint.method, endpoint.path);
                endpoint.title = title.clone();
                endpoint.names = [text(it, "operationId"), Some(route), title]
                    .into_iter()
                    .flatten()
                    .collect();
                let own = it["tags"].as_array().into_iter().flatten();
                endpoint.tags = own
                    .filter_map(|it| it.as_str().map(str::to_owned))
                    .collect();
                endpoint.tags.extend(folders.iter().cloned());
                self.operations.push(endpoint);
            }
            Err(problems) => self.notes.extend(problems.0),
        }
    }
}

struct Described {
    id: String,
    name: String,
}

/// The models by the place of their schema.
fn models(json: &Value) -> BTreeMap<String, Described> {
    let items = folders(json, "/schemaCollection", "schema");
    let model = |(pointer, _): (String, Vec<String>)| {
        let it = json.pointer(&pointer)?;
        let place = format!("{pointer}/schema/jsonSchema");
        json.pointer(&place)?;
        let id = id(it);
        let name = text(it, "name").or_else(|| text(it, "displayName"));
        let name = name.unwrap_or_else(|| "Model".to_owned());
        Some((place, Described { id, name }))
    };
    items.into_iter().filter_map(model).collect()
}

/// What references call a model.
fn id(model: &Value) -> String {
    match &model["id"] {
        Value::String(id) => id.clone(),
        id => format!("#/definitions/{id}"),
    }
}

/// What references call the model whose schema stands at `place`.
pub(crate) fn model_id(json: &Value, place: &str) -> String {
    let model = place.strip_suffix("/schema/jsonSchema");
    model
        .and_then(|it| json.pointer(it))
        .map(id)
        .unwrap_or_default()
}

/// The places of the responses that every operation may answer with.
fn common_responses(json: &Value) -> Vec<String> {
    let of_folders = folders(json, "/responseCollection", "jsonSchema");
    let is_default = |pointer: &String| {
        json.pointer(pointer)
            .is_some_and(|it| it["defaultEnable"] == true)
    };
    of_folders
        .into_iter()
        .map(|(pointer, _)| pointer)
        .filter(is_default)
        .collect()
}

/// The places of all operations, whole or not.
pub(crate) fn operations(json: &Value) -> Vec<String> {
    let items = folders(json, "/apiCollection", "api");
    items.into_iter().map(|(pointer, _)| pointer).collect()
}

/// The places of all items with a member `holds` in the folders at `pointer`,
/// with the names of the folders around each but the outermost.
fn folders(json: &Value, pointer: &str, holds: &str) -> Vec<(String, Vec<String>)> {
    let mut found = Vec::new();
    visit(json, pointer.to_owned(), holds, &[], &mut found);
    found
}

fn visit(
    json: &Value,
    pointer: String,
    holds: &str,
    around: &[String],
    found: &mut Vec<(String, Vec<String>)>,
) {
    let items = json.pointer(&pointer).and_then(Value::as_array);
    for (index, item) in items.into_iter().flatten().enumerate() {
        let place = format!("{pointer}/{index}");
        if item.get(holds).is_some_and(|it| it.is_object()) {
            found.push((place, around.to_vec()));
            continue;
        }
        let is_outermost = pointer.matches('/').count() == 1;
        let name = text(item, "name").filter(|_| !is_outermost);
        let within: Vec<String> = around.iter().cloned().chain(name).collect();
        visit(json, format!("{place}/items"), holds, &within, found);
    }
}
