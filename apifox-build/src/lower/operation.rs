//! From a document to a module: the operation, its bodies and their types.

use serde_json::Value;
use typed_arena::Arena;

use super::Lowering;
use crate::model::{Docs, Module, Operation, Shape, TypeId, Use};
use crate::names;
use crate::problem::{Problem, Problems};
use crate::schema::Schema;
use crate::source::Document;

/// Lowers one document.
///
/// # Errors
///
/// Every problem of it.
pub(crate) fn module(document: &Document) -> Result<Module, Problems> {
    let arena = Arena::new();
    let mut lowering = Lowering::new(&document.file, &arena);
    let json = &document.json;
    let operation = if json.get("path").is_some() {
        operation(document, &mut lowering)
    } else if let Some(schema) = json.get("jsonSchema") {
        let schema = Schema::new(schema, "/jsonSchema".into());
        lowering.root(schema, &document.name);
        None
    } else {
        let message = "is neither an endpoint (with `path`) nor a response (with `jsonSchema`)";
        lowering.problems.push(problem(document, "", message));
        None
    };
    let (types, guards) = lowering.finish()?;
    Ok(Module {
        path: document
            .folders
            .iter()
            .chain([&document.name])
            .map(|name| names::module_name(name))
            .collect(),
        api: document.folders.join("/"),
        name: document.name.clone(),
        file: document.file.clone(),
        docs: Docs {
            title: text(json, "name"),
            description: text(json, "description"),
            ..Docs::default()
        },
        types,
        guards,
        operation,
    })
}

/// Lowers a JSON Schema that stands alone.
///
/// # Errors
///
/// Every problem of it.
pub(crate) fn schema(file: &str, json: &Value, root: &str) -> Result<Module, Problems> {
    let arena = Arena::new();
    let mut lowering = Lowering::new(file, &arena);
    lowering.root(Schema::new(json, String::new()), root);
    let (types, guards) = lowering.finish()?;
    Ok(Module {
        path: Vec::new(),
        api: String::new(),
        name: root.to_owned(),
        file: file.to_owned(),
        docs: Docs::default(),
        types,
        guards,
        operation: None,
    })
}

fn operation<'d>(document: &'d Document, lowering: &mut Lowering<'d>) -> Option<Operation> {
    let json = &document.json;
    let request = request(document, lowering);
    let response = response(document, lowering);
    let method = text(json, "method");
    let path = text(json, "path");
    for (name, found) in [("method", &method), ("path", &path)] {
        if found.is_none() {
            let message = format!("`{name}` is not a string");
            lowering.problems.push(problem(document, name, &message));
        }
    }
    let request = request?;
    Some(Operation {
        method: method?.to_ascii_uppercase(),
        path: path?,
        models: models(lowering, request),
        request,
        response: response?,
        error: None,
        document: format!("{json:#}"),
    })
}

fn request<'d>(document: &'d Document, lowering: &mut Lowering<'d>) -> Option<TypeId> {
    const POINTER: &str = "/requestBody/jsonSchema";
    let Some(value) = document.json.pointer(POINTER) else {
        let message = "the request has no body: only requests with a JSON body are supported";
        lowering
            .problems
            .push(problem(document, "requestBody", message));
        return None;
    };
    lowering.root(Schema::new(value, POINTER.into()), "Request")
}

/// The body of the first response that reports success.
fn response<'d>(document: &'d Document, lowering: &mut Lowering<'d>) -> Option<TypeId> {
    let responses = document.json.get("responses").and_then(Value::as_array);
    let responses = responses.map_or(&[][..], Vec::as_slice);
    let succeeds = |response: &Value| matches!(response["code"].as_u64(), Some(200..=299));
    let found = responses.iter().enumerate().find(|(_, it)| succeeds(it));
    let Some((index, schema)) = found.and_then(|(at, it)| Some((at, it.get("jsonSchema")?))) else {
        let message = "no response reports success (code 200 to 299) with a `jsonSchema`";
        lowering
            .problems
            .push(problem(document, "responses", message));
        return None;
    };
    let pointer = format!("/responses/{index}/jsonSchema");
    lowering.root(Schema::new(schema, pointer), "Response")
}

/// The strings that the request's field `model` may have.
fn models(lowering: &Lowering<'_>, request: TypeId) -> Vec<String> {
    let shape = |id: TypeId| lowering.types[id.0].as_ref().map(|it| &it.shape);
    let Some(request) = lowering.as_struct(&Use::Declared(request)) else {
        return Vec::new();
    };
    let field = request.fields.iter().find(|it| it.name == "model");
    let Some(Use::Declared(id)) = field.map(|it| &it.of) else {
        return Vec::new();
    };
    match shape(*id) {
        Some(Shape::Constants(variants)) => variants
            .iter()
            .filter_map(|it| it.value.as_str().map(str::to_owned))
            .collect(),
        _ => Vec::new(),
    }
}

fn text(json: &Value, name: &str) -> Option<String> {
    let text = json.get(name)?.as_str()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

fn problem(document: &Document, member: &str, message: &str) -> Problem {
    let slash = if member.is_empty() { "" } else { "/" };
    Problem {
        file: document.file.clone(),
        pointer: format!("{slash}{member}"),
        keyword: None,
        message: message.to_owned(),
        remedy: "correct the document, or move it out of the directory".into(),
    }
}
