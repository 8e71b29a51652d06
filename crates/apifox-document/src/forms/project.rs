//! Apifox's project export: folders of operations, models and common responses.

use crate::filled::filled;
use crate::pointer::{JsonPointerExt as _, JsonValueExt as _};
use std::collections::BTreeMap;

use apifox_runtime::Location;
use serde_json::Value;

use super::dialect::{Dialect, Models, SchemaVersion};
use super::incoming;
use super::item::Reader;
use super::parameters::{self, text};
use super::response_components::ResponseComponents;
use super::security::{self, unsupported};
use crate::api::{Api, Endpoint, Model, Parameter};
use crate::diagnostics::{Diagnostic, Omission};
use crate::document::Document;

/// Whether a document is a project export.
pub fn is_project(json: &Value) -> bool {
    let names = ["apifoxProject", "apidogProject"];
    names.iter().any(|name| json.get(name).is_some()) || json["apiCollection"].is_array()
}

/// Reads a project export. An incomplete operation is omitted and noted.
pub(super) fn read(document: &Document, is_strict: bool) -> Api {
    let mut json = document.json.clone();
    let models = models(&json);
    let responses = responses(&json);
    let mut project = Project {
        file: &document.file,
        skipped: Vec::new(),
        unsupported: Vec::new(),
        operations: Vec::new(),
        incoming: Vec::new(),
    };
    for (item, tags) in items(&json, &OPERATIONS) {
        project.operation(&mut json, &item, &tags);
    }
    incoming::tell_apart(&json, &mut project.incoming);
    add_common_parameters(&mut json, &mut project.operations);
    let components = ResponseComponents::new(&json, &responses);
    for operation in project.operations.iter_mut().chain(&mut project.incoming) {
        let missing = components.resolve(&json, operation, &document.file);
        project.skipped.extend(missing);
    }
    project.callbacks(document, &mut json);
    let shared = shared_models(&json, &models, &responses);
    let by_id = models.into_iter().map(|(place, model)| (model.id, place));
    let mut dialect = Dialect::new(
        &document.file,
        Models::ById(by_id.collect()),
        SchemaVersion::Apifox,
        is_strict,
    );
    let operations = project.operations.iter_mut();
    let mut all: Vec<_> = operations.chain(&mut project.incoming).collect();
    dialect.apply(&mut json, &mut all, shared.keys());
    let info = &json["info"];
    Api {
        title: text(info, "name"),
        description: text(info, "description"),
        operations: project.operations,
        incoming: project.incoming,
        models: shared,
        is_shared: true,
        is_collection: true,
        moves: dialect.moves,
        skipped: [project.skipped, dialect.skipped].concat(),
        unsupported: project.unsupported,
        json,
        ..Api::default()
    }
}

/// Adds the parameters that operations share to each of them.
fn add_common_parameters(json: &mut Value, operations: &mut [Endpoint]) {
    let parameters = parameters::by_location(json, "/commonParameters/parameters");
    for operation in operations {
        let sent = parameters
            .iter()
            .filter(|parameter| is_sent(json, parameter, operation));
        let sent: Vec<Parameter> = sent.cloned().collect();
        operation.parameters.extend(sent);
        parameters::distinct(&mut operation.parameters);
    }
}

/// The models of the project, and the schemas of its response components, by their place.
fn shared_models(
    json: &Value,
    models: &BTreeMap<String, Described>,
    responses: &[String],
) -> BTreeMap<String, Model> {
    let named = models.iter().map(|(place, model)| {
        let name = model.name.clone();
        (place.clone(), Model { name })
    });
    let has_schema = |pointer: &&String| {
        let schema = json.value_at(&pointer.child("jsonSchema"));
        schema.is_some_and(Value::is_object)
    };
    let responses = responses.iter().filter(has_schema).map(|pointer| {
        let name = json
            .value_at(pointer)
            .and_then(|response| text(response, "name"));
        let name = name.unwrap_or_else(|| "Error".to_owned());
        (pointer.child("jsonSchema"), Model { name })
    });
    filled(named.chain(responses))
}

struct Project<'f> {
    file: &'f str,
    skipped: Vec<Diagnostic>,
    unsupported: Vec<Diagnostic>,
    operations: Vec<Endpoint>,
    /// The webhooks, and then the callbacks.
    incoming: Vec<Endpoint>,
}

impl Project<'_> {
    /// Reads the operation of an item, in folders of these names.
    fn operation(&mut self, json: &mut Value, item: &Item, folders: &[String]) {
        let title = json
            .value_at(&item.pointer)
            .and_then(|item| text(item, "name"));
        let place = item.holds.clone();
        let reader = Reader { file: self.file };
        match reader.endpoint(json, &place, "") {
            Ok(mut endpoint) => {
                let operation = json.value_at(&place).unwrap_or(&Value::Null);
                describe(&mut endpoint, operation, title.clone(), folders);
                if incoming::is_webhook(operation) {
                    incoming::make_webhook(&mut endpoint, operation, title.as_deref());
                    return self.incoming.push(endpoint);
                }
                let (sets, unknown) = security::project_credentials(json, &item.pointer);
                endpoint.security = sets;
                for place in unknown {
                    self.no_scheme(&place);
                }
                let unsupported = unsupported::security(self.file, &endpoint);
                let address = reader.other_address(operation, &place);
                self.unsupported
                    .extend(unsupported.into_iter().chain(address));
                self.operations.push(endpoint);
            }
            Err(diagnostics) => self
                .skipped
                .extend(diagnostics.0.into_iter().map(|diagnostic| Diagnostic {
                    message: format!("{}; the operation is omitted", diagnostic.message),
                    help: "finish it, or remove it by a correction".into(),
                    omission: Some(Omission::Part),
                    ..diagnostic
                })),
        }
    }
}

impl Project<'_> {
    /// Reads the callbacks of all operations.
    fn callbacks(&mut self, document: &Document, json: &mut Value) {
        let callbacks = incoming::callbacks(document, json, &self.operations);
        self.incoming.extend(callbacks.endpoints);
        self.skipped.extend(callbacks.skipped);
        self.unsupported.extend(callbacks.unsupported);
    }

    /// Notes, once, that what stands at `place` names no security scheme.
    fn no_scheme(&mut self, place: &str) {
        let diagnostic = unsupported::no_scheme(self.file, place, NO_SCHEME_HELP);
        if !self.skipped.contains(&diagnostic) {
            self.skipped.push(diagnostic);
        }
    }
}

/// What to do about an id of a security scheme that the project does not have.
const NO_SCHEME_HELP: &str = "choose a scheme that the project has, and export it as a whole";

/// Gives an operation the title of its item, its names and its tags.
fn describe(endpoint: &mut Endpoint, operation: &Value, title: Option<String>, folders: &[String]) {
    let route = endpoint.route();
    endpoint.title.clone_from(&title);
    let names = [text(operation, "operationId"), Some(route), title];
    endpoint.names = names.into_iter().flatten().collect();
    let own = operation["tags"].as_array().into_iter().flatten();
    let own = own.filter_map(|tag| tag.as_str().map(str::to_owned));
    endpoint.tags = own.chain(folders.iter().cloned()).collect();
}

/// What references call a model, and what people do.
struct Described {
    id: String,
    name: String,
}

/// The models by the place of their schema.
fn models(json: &Value) -> BTreeMap<String, Described> {
    let model = |(item, _): (Item, Vec<String>)| {
        let model = json.value_at(&item.pointer)?;
        let id = id(model);
        let name = text(model, "name").or_else(|| text(model, "displayName"));
        let name = name.unwrap_or_else(|| "Model".to_owned());
        Some((item.holds, Described { id, name }))
    };
    filled(items(json, &MODELS).into_iter().filter_map(model))
}

/// What references call a model.
fn id(model: &Value) -> String {
    match &model["id"] {
        Value::String(id) if id.starts_with('#') => id.clone(),
        Value::String(id) => format!("#/definitions/{id}"),
        id => format!("#/definitions/{id}"),
    }
}

/// What references call the model whose schema stands at `place`.
pub fn model_id(json: &Value, place: &str) -> String {
    let model = place.strip_suffix("/jsonSchema");
    let model = model.map(|place| place.strip_suffix("/schema").unwrap_or(place));
    model
        .and_then(|place| json.value_at(place))
        .map(id)
        .unwrap_or_default()
}

/// Whether an operation sends a common parameter of the project: by its own setting, or
/// else by that of the project.
fn is_sent(json: &Value, parameter: &Parameter, operation: &Endpoint) -> bool {
    let location = parameter.location.name();
    let own = json.value_at(&operation.pointer.child("commonParameters").child(location));
    let own = own.and_then(Value::as_array).into_iter().flatten();
    let mut own = own.filter(|listed| listed["name"] == parameter.name.as_str());
    let said = own.find_map(|listed| listed["enable"].as_bool());
    let around = parameter.schema.strip_suffix("/schema");
    let around = around.and_then(|pointer| json.value_at(pointer));
    let by_default = around.is_none_or(|parameter| parameter["defaultEnable"] != false);
    parameter.location != Location::Path && said.unwrap_or(by_default)
}

/// The places of the response components.
fn responses(json: &Value) -> Vec<String> {
    let responses = items(json, &RESPONSES).into_iter();
    responses.map(|(item, _)| item.pointer).collect()
}

/// The places of all operations, complete or not, in all folders.
pub fn operations(json: &Value) -> Vec<Item> {
    let items = items(json, &OPERATIONS);
    items.into_iter().map(|(item, _)| item).collect()
}

/// An item in a folder.
pub struct Item {
    /// The place of the item.
    pub pointer: String,
    /// The place of its content: within the item, or the item itself.
    pub holds: String,
}

/// A tree of folders.
struct Collection {
    /// Its places in the documents of the two kinds of project.
    names: &'static [&'static str],
    /// Where an item has its content; `None` for a folder.
    held: fn(&Value) -> Option<&'static str>,
}

/// Apifox exports each operation within an `api`; its plugins write them without it.
const OPERATIONS: Collection = Collection {
    names: &["/apiCollection", "/httpCollection"],
    held: |item| match item {
        item if item["api"].is_object() => Some("/api"),
        item if item["path"].is_string() && item["method"].is_string() => Some(""),
        _ => None,
    },
};

const MODELS: Collection = Collection {
    names: &["/schemaCollection", "/dataSchemaCollection"],
    held: |item| match item {
        item if item["schema"].get("jsonSchema").is_some() => Some("/schema/jsonSchema"),
        item if item.get("jsonSchema").is_some() => Some("/jsonSchema"),
        _ => None,
    },
};

const RESPONSES: Collection = Collection {
    names: &["/responseCollection"],
    held: |item| {
        let is_folder = item["items"].is_array() || item["children"].is_array();
        let is_response = item["jsonSchema"].is_object() || item["contentType"].is_string();
        (!is_folder && is_response).then_some("")
    },
};

/// All items of a collection that are not folders, each with the names of the folders around
/// it except the outermost.
fn items(json: &Value, collection: &Collection) -> Vec<(Item, Vec<String>)> {
    let mut found = Vec::new();
    for name in collection.names {
        visit(json, (*name).to_owned(), collection, &[], &mut found);
    }
    found
}

fn visit(
    json: &Value,
    pointer: String,
    collection: &Collection,
    around: &[String],
    found: &mut Vec<(Item, Vec<String>)>,
) {
    let items = json.value_at(&pointer).and_then(Value::as_array);
    for (index, item) in items.into_iter().flatten().enumerate() {
        let pointer = pointer.child(index);
        if let Some(held) = (collection.held)(item) {
            let holds = format!("{pointer}{held}");
            found.push((Item { pointer, holds }, around.to_vec()));
            continue;
        }
        let is_outermost = pointer.matches('/').count() == 2;
        let name = text(item, "name").filter(|_| !is_outermost);
        let within: Vec<String> = around.iter().cloned().chain(name).collect();
        for members in ["items", "children"] {
            visit(json, pointer.child(members), collection, &within, found);
        }
    }
}
