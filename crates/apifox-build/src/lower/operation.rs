//! From a document to a module: operations, their bodies and their types.

use apifox_runtime::Location;
use serde_json::Value;
use typed_arena::Arena;

use super::Lowering;
use super::form::Body;
use crate::model::{
    Alternative, Docs, ErrorBody, LeftOut, Media, Module, Operation, Parameter, Response, Shape,
    Space, TypeId, Union, Use,
};
use crate::names::{self, Scope};
use crate::schema::Schema;
use crate::settings::Settings;
use apifox_document::Document;
use apifox_document::api::{self, Api, Content, Endpoint, Reply};
use apifox_document::diagnostics::Diagnostics;
use apifox_document::forms;

/// Lowers one document as the settings want it.
///
/// # Errors
///
/// Every problem of it; in a document of many operations, that none of them can
/// be made types for.
pub(crate) fn module(document: &Document, settings: &Settings) -> Result<Module, Diagnostics> {
    let mut api = forms::read(document, settings.strict)?;
    let had_operations = !api.operations.is_empty();
    api.operations.retain(|it| settings.wants(it));
    let arena = Arena::new();
    let mut lowering = Lowering::new(&document.file, &api, &arena, settings);
    let mut made = Operations::default();
    for endpoint in &api.operations {
        made.add(&mut lowering, endpoint, api.is_collection);
    }
    if !had_operations {
        lowering.schemas_alone(&api, &document.name);
    } else if made.operations.is_empty() && !made.left_out.is_empty() {
        let found = made.left_out.into_iter().flat_map(|it| it.problems.0);
        return Err(Diagnostics(found.collect()));
    }
    let (types, guards) = lowering.finish()?;
    Ok(Module {
        path: settings.module_of(document),
        api: document.folders.join("/"),
        name: document.name.clone(),
        file: document.file.clone(),
        docs: Docs {
            title: api.title.clone(),
            description: api.description.clone(),
            ..Docs::default()
        },
        types,
        guards,
        operations: made.operations,
        is_collection: api.is_collection,
        has_endpoints: settings.operations,
        document: document.json.clone(),
        left_out: made.left_out,
        notes: [document.faults.clone(), api.notes].concat(),
        unused: api.unused,
    })
}

/// Lowers a JSON Schema that stands alone.
///
/// # Errors
///
/// Every problem of it.
pub(crate) fn schema(file: &str, json: &Value, root: &str) -> Result<Module, Diagnostics> {
    let arena = Arena::new();
    let api = Api {
        json: json.clone(),
        ..Api::default()
    };
    let settings = Settings::default();
    let mut lowering = Lowering::new(file, &api, &arena, &settings);
    lowering.root(Schema::new(&api.json, String::new()), root);
    let (types, guards) = lowering.finish()?;
    Ok(Module {
        path: Vec::new(),
        api: String::new(),
        name: root.to_owned(),
        file: file.to_owned(),
        docs: Docs::default(),
        types,
        guards,
        operations: Vec::new(),
        is_collection: false,
        has_endpoints: false,
        document: json.clone(),
        left_out: Vec::new(),
        notes: Vec::new(),
        unused: Vec::new(),
    })
}

/// The operations of a document while they are made.
#[derive(Default)]
struct Operations {
    operations: Vec<Operation>,
    left_out: Vec<LeftOut>,
    modules: Scope,
}

impl Operations {
    fn add<'d>(
        &mut self,
        lowering: &mut Lowering<'d>,
        endpoint: &'d Endpoint,
        in_own_module: bool,
    ) {
        if in_own_module {
            lowering.space = Space::Operation(self.operations.len());
            lowering.before_space = lowering.types.len();
        }
        let mark = lowering.mark();
        match lowering.operation(endpoint) {
            Some(mut operation) => {
                let candidates = endpoint.names.iter().map(|it| names::module_name(it));
                operation.module = self.modules.claim(&candidates.collect::<Vec<_>>());
                operation.name = match in_own_module {
                    true => operation.module.clone(),
                    false => endpoint.names.first().cloned().unwrap_or_default(),
                };
                self.operations.push(operation);
            }
            None => {
                lowering.return_to(mark);
                let problems = std::mem::take(&mut lowering.problems);
                self.left_out.push(LeftOut {
                    operation: format!("{} {}", endpoint.method, endpoint.path),
                    problems: Diagnostics(problems),
                });
            }
        }
        lowering.space = Space::Document;
        lowering.before_space = 0;
    }
}

/// A request's type, and how it is sent.
struct Request {
    id: TypeId,
    parameters: Option<Vec<Parameter>>,
    media: Option<Media>,
    files: Vec<String>,
}

impl<'d> Lowering<'d> {
    /// The schemas of a document without operations: the body of an API's
    /// errors, or models alone.
    fn schemas_alone(&mut self, api: &'d Api, name: &str) {
        for (place, model) in &api.models {
            if let Some(schema) = self.at(place) {
                self.within(schema, &super::Hint::new(&model.name, ""));
            }
        }
        if api.models.is_empty()
            && let Some(schema) = self.at("/jsonSchema")
        {
            self.root(schema, name);
        }
    }

    /// `None` when no types can be made for it; the problems are noted.
    fn operation(&mut self, endpoint: &'d Endpoint) -> Option<Operation> {
        let mut headers = self.constant_headers(endpoint);
        let request = self.request(endpoint, &headers);
        let media = endpoint.body.as_ref().and_then(|it| it.media.clone());
        headers.extend(media.map(|it| ("Content-Type".to_owned(), it)));
        let responses = self.responses(endpoint);
        let (request, responses) = (request?, responses?);
        // An event is no body.
        let success = |it: &&Response| (200..300).contains(&it.status) && !it.is_event;
        let response = self.one_of_bodies(responses.iter().filter(success), "Response");
        let failure = |it: &&Response| !(200..300).contains(&it.status) && !it.is_event;
        let error = self.one_of_bodies(responses.iter().filter(failure), "Error");
        Some(Operation {
            module: String::new(),
            name: String::new(),
            docs: Docs {
                title: endpoint.title.clone(),
                description: endpoint.description.clone(),
                pointer: endpoint.pointer.clone(),
                ..Docs::default()
            },
            method: endpoint.method.clone(),
            path: endpoint.path.clone(),
            parameters: request.parameters,
            headers,
            security: endpoint.security.clone(),
            body: request.media,
            files: request.files,
            reply: reply(endpoint),
            models: self.model_names(request.id),
            request: request.id,
            response: response.unwrap_or(Use::Any),
            error: error.map_or(ErrorBody::Unknown, ErrorBody::Described),
            responses,
            pointer: endpoint.pointer.clone(),
        })
    }

    fn request(&mut self, endpoint: &'d Endpoint, headers: &[(String, String)]) -> Option<Request> {
        let is_sent_always = |it: &api::Parameter| {
            it.location == Location::Header && headers.iter().any(|(name, _)| *name == it.name)
        };
        let given: Vec<_> = endpoint
            .parameters
            .iter()
            .filter(|it| !is_sent_always(it))
            .collect();
        if let (true, Some(body)) = (given.is_empty(), &endpoint.body)
            && let Content::Json(schema) = &body.content
        {
            return Some(Request {
                id: self.root(self.at(schema)?, "Request")?,
                parameters: None,
                media: Some(Media::Json),
                files: Vec::new(),
            });
        }
        let (id, body) = self.envelope(&given, endpoint)?;
        let parameter = |it: &api::Parameter| Parameter {
            location: it.location,
            name: it.name.clone(),
            style: it.style,
        };
        let (media, files) = match body {
            Some(Body { media, files, .. }) => (Some(media), files),
            None => (None, Vec::new()),
        };
        Some(Request {
            id,
            parameters: Some(given.into_iter().map(parameter).collect()),
            media,
            files,
        })
    }

    /// The required headers that have one value only: nobody has to give them.
    fn constant_headers(&self, endpoint: &Endpoint) -> Vec<(String, String)> {
        let headers = endpoint
            .parameters
            .iter()
            .filter(|it| it.location == Location::Header && it.required);
        let constant = |it: &api::Parameter| {
            let schema = self.document.pointer(&it.schema)?;
            let value = match (schema.get("const"), schema["enum"].as_array()) {
                (Some(value), _) => value,
                (None, Some(values)) if values.len() == 1 => values.first()?,
                _ => return None,
            };
            Some((it.name.clone(), value.as_str()?.to_owned()))
        };
        headers.filter_map(constant).collect()
    }

    /// The types of all replies that have a schema.
    fn responses(&mut self, endpoint: &'d Endpoint) -> Option<Vec<Response>> {
        let described = |wanted: &str| {
            let has_schema = |it: &&api::Response| it.content.schema().is_some();
            let described = endpoint.responses.iter().filter(has_schema);
            described.filter(|it| kind(it) == wanted).count()
        };
        let mut responses = Vec::new();
        for it in &endpoint.responses {
            let Some(place) = it.content.schema() else {
                continue;
            };
            let kind = kind(it);
            let name = match (described(kind), it.status) {
                (1, _) => kind.to_owned(),
                (_, 0) => format!("{kind}_default"),
                (_, status) => format!("{kind}{status}"),
            };
            let of = match self.is_shared {
                true => self.named(place, &name)?,
                false => Use::Declared(self.root(self.at(place)?, &name)?),
            };
            responses.push(Response {
                status: it.status,
                name: it.name.clone().unwrap_or_default(),
                pointer: it.pointer.clone(),
                of,
                is_event: matches!(it.content, Reply::Events { .. }),
            });
        }
        Some(responses)
    }

    /// The type of any of several bodies, called `name` where it is made here.
    fn one_of_bodies<'r>(
        &mut self,
        responses: impl Iterator<Item = &'r Response>,
        name: &str,
    ) -> Option<Use> {
        let mut idents = Scope::default();
        let mut alternatives: Vec<Alternative> = Vec::new();
        for response in responses {
            if alternatives.iter().any(|it| it.of == response.of) {
                continue;
            }
            let ident = match response.status {
                0 => "Default".to_owned(),
                status => format!("Status{status}"),
            };
            alternatives.push(Alternative {
                ident: idents.claim(&[ident]),
                of: response.of.clone(),
            });
        }
        if alternatives.len() < 2 {
            return alternatives.pop().map(|it| it.of);
        }
        let name = self.claim(&[name.to_owned()]);
        let id = self.reserved();
        let shape = Shape::Union(Union {
            exclusive: false,
            alternatives,
        });
        let docs = Docs {
            description: Some("The first of these that a body fits.".into()),
            ..Docs::default()
        };
        Some(self.fill(id, name, docs, shape))
    }

    /// The strings that the request's field `model` may have.
    fn model_names(&self, request: TypeId) -> Vec<String> {
        let of_body = |of: &Use| {
            let body = self.as_struct(of)?;
            let field = body.fields.iter().find(|it| it.name == "model")?;
            let Use::Declared(id) = field.of else {
                return None;
            };
            match &self.types[id.0].as_ref()?.shape {
                Shape::Constants(variants) => Some(
                    variants
                        .iter()
                        .filter_map(|it| it.value.as_str().map(str::to_owned))
                        .collect(),
                ),
                _ => None,
            }
        };
        let request = Use::Declared(request);
        let body = self.as_struct(&request);
        let body = body.and_then(|it| it.fields.iter().find(|it| it.name == "body"));
        of_body(&request)
            .or_else(|| of_body(&body?.of))
            .unwrap_or_default()
    }
}

/// What the type of a reply is called, unless there are several such.
fn kind(response: &api::Response) -> &'static str {
    match (&response.content, response.succeeds()) {
        (Reply::Events { .. }, _) => "Event",
        (_, true) => "Response",
        (_, false) => "Error",
    }
}

/// What a reply that reports success comes as.
fn reply(endpoint: &Endpoint) -> Media {
    let success = endpoint.responses.iter().find(|it| it.succeeds());
    match success.map(|it| &it.content) {
        None | Some(Reply::Json(_)) => Media::Json,
        Some(Reply::Text(media) | Reply::Events { media, .. }) => Media::Text(media.clone()),
        Some(Reply::Binary(media)) => Media::Binary(media.clone()),
    }
}
