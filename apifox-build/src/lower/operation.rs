//! From a document to a module: the operation, its bodies and their types.

use serde_json::Value;
use typed_arena::Arena;

use super::Lowering;
use crate::model::{Alias, Docs, Module, Operation, Shape, TypeId, Use};
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
    let mut aliases = Vec::new();
    let operation = if json.get("path").is_some() {
        operation(document, &mut lowering, &mut aliases)
    } else if let Some(schema) = json.get("jsonSchema") {
        body(
            &mut lowering,
            schema,
            "/jsonSchema",
            &document.name,
            &mut aliases,
        );
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
        aliases,
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
    let mut aliases = Vec::new();
    body(&mut lowering, json, "", root, &mut aliases);
    let (types, guards) = lowering.finish()?;
    Ok(Module {
        path: Vec::new(),
        api: String::new(),
        name: root.to_owned(),
        file: file.to_owned(),
        docs: Docs::default(),
        types,
        guards,
        aliases,
        operation: None,
    })
}

fn operation<'d>(
    document: &'d Document,
    lowering: &mut Lowering<'d>,
    aliases: &mut Vec<Alias>,
) -> Option<Operation> {
    let json = &document.json;
    let request = request(document, lowering);
    let response = response(document, lowering, aliases);
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
    let schema = Schema::new(value, POINTER.into());
    match lowering.root(schema, "Request")? {
        Use::Declared(id) => Some(id),
        _ => {
            let message =
                "the body of a request has no properties and no rules: it can be anything";
            lowering
                .problems
                .push(problem(document, "requestBody", message));
            None
        }
    }
}

/// The body of the first response that reports success.
fn response<'d>(
    document: &'d Document,
    lowering: &mut Lowering<'d>,
    aliases: &mut Vec<Alias>,
) -> Option<Use> {
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
    body(lowering, schema, &pointer, "Response", aliases)
}

/// Lowers the schema of a body, and sees that the type has the name `name`.
fn body<'d>(
    lowering: &mut Lowering<'d>,
    value: &'d Value,
    pointer: &str,
    name: &str,
    aliases: &mut Vec<Alias>,
) -> Option<Use> {
    let schema = Schema::new(value, pointer.to_owned());
    let docs = schema.docs();
    let name = lowering.names.claim(&[names::type_name(name)]);
    let of = lowering.root(schema, &name)?;
    let is_named = matches!(&of, Use::Declared(id)
        if lowering.types[id.0].as_ref().is_some_and(|it| it.name == name));
    if !is_named {
        let of = of.clone();
        aliases.push(Alias { name, docs, of });
    }
    Some(of)
}

/// The strings that the request's field `model` may have.
fn models(lowering: &Lowering<'_>, request: TypeId) -> Vec<String> {
    let shape = |id: TypeId| lowering.types[id.0].as_ref().map(|it| &it.shape);
    let Some(Shape::Struct(request)) = shape(request) else {
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
