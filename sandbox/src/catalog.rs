//! Which document answers a request?

use axum::http::StatusCode;
use serde_json::Value;

use crate::api::Api;
use crate::error::StartError;
use crate::fault::{Fault, Kind};
use crate::keywords::SchemaFault;
use crate::schema::Schema;
use crate::shorten;

/// The documents by their routes.
#[derive(Default)]
pub struct Catalog {
    routes: Vec<Route>,
    /// The examples of each API's error document.
    errors: Vec<(Api, Example)>,
}

/// The documents of one method and path.
pub struct Route {
    pub api: Api,
    method: String,
    path: String,
    documents: Vec<Document>,
}

/// What one document says of its requests and replies.
pub struct Document {
    /// The folder and the file, as in `gateway/wan2.7-image-pro`.
    pub name: String,
    models: Vec<String>,
    pub request: Schema,
    pub response: Option<Schema>,
    pub examples: Vec<Example>,
}

/// A reply that a document shows.
pub struct Example {
    pub name: String,
    pub data: String,
}

impl Catalog {
    pub fn add(&mut self, folder: &str, file: &str, json: &Value) -> Result<(), StartError> {
        let api = Api::of(folder);
        let reader = Reader {
            name: format!("{folder}/{file}"),
            json,
        };
        let Some(path) = json["path"].as_str() else {
            reader.schema("/jsonSchema")?;
            let examples = reader.examples().into_iter();
            self.errors.extend(examples.map(|example| (api, example)));
            return Ok(());
        };
        let method = json["method"].as_str().unwrap_or("GET").to_uppercase();
        let document = reader.document()?;
        let at = |route: &&mut Route| route.method == method && route.path == path;
        match self.routes.iter_mut().find(at) {
            Some(route) => route.add(api, document),
            None => {
                self.routes.push(Route {
                    api,
                    method,
                    path: path.to_owned(),
                    documents: vec![document],
                });
                Ok(())
            }
        }
    }

    pub fn route(&self, method: &str, path: &str) -> Option<&Route> {
        let mut routes = self.routes.iter();
        routes.find(|route| route.method == method && route.path == path)
    }

    /// The examples that can be asked for: the document's, then those of its API's errors.
    pub fn examples<'a>(
        &'a self,
        api: Api,
        document: Option<&'a Document>,
    ) -> impl Iterator<Item = &'a Example> {
        let own = document.into_iter().flat_map(|document| &document.examples);
        let errors = self.errors.iter().filter(move |(of, _)| *of == api);
        own.chain(errors.map(|(_, example)| example))
    }
}

impl Route {
    fn add(&mut self, api: Api, document: Document) -> Result<(), StartError> {
        if api != self.api {
            return Err(StartError::Document {
                document: document.name,
                pointer: "/path".into(),
                message: format!("{} is a route of the other API", self.path),
            });
        }
        for other in &self.documents {
            let is_taken = |model: &&String| other.models.contains(model);
            if let Some(model) = document.models.iter().find(is_taken) {
                return Err(StartError::Document {
                    message: format!("{} already answers for the model {model:?}", other.name),
                    document: document.name,
                    pointer: MODEL.into(),
                });
            }
        }
        self.documents.push(document);
        Ok(())
    }

    /// The document that answers for the model of a body.
    pub fn document(&self, body: &Value) -> Result<&Document, Fault> {
        let wrong = match &body["model"] {
            Value::String(model) => {
                let mut documents = self.documents.iter();
                match documents.find(|document| document.models.contains(model)) {
                    Some(document) => return Ok(document),
                    None => format!("there is no model {:?}", shorten::text(model, 100)),
                }
            }
            Value::Null => "the body names no model".into(),
            other => format!("{} is no model", shorten::json(other, 100)),
        };
        let models = self.documents.iter().flat_map(|document| &document.models);
        let models: Vec<_> = models.map(String::as_str).collect();
        Err(Fault {
            param: "/model".into(),
            ..Fault::new(
                StatusCode::NOT_FOUND,
                Kind::Model,
                format!("{wrong}; there are: {}", models.join(", ")),
            )
        })
    }
}

const REQUEST: &str = "/requestBody/jsonSchema";
const MODEL: &str = "/requestBody/jsonSchema/properties/model";

/// A document that is being read.
struct Reader<'a> {
    name: String,
    json: &'a Value,
}

impl Reader<'_> {
    fn document(&self) -> Result<Document, StartError> {
        let request = self.schema(REQUEST)?.ok_or_else(|| StartError::Document {
            document: self.name.clone(),
            pointer: REQUEST.into(),
            message: "there is no schema".into(),
        })?;
        let models = models(request.at(&["properties", "model"]));
        if models.is_empty() {
            return Err(StartError::Document {
                document: self.name.clone(),
                pointer: MODEL.into(),
                message: "names no model: give it a const or an enum".into(),
            });
        }
        Ok(Document {
            name: self.name.clone(),
            models,
            request,
            response: self.response()?,
            examples: self.examples(),
        })
    }

    fn response(&self) -> Result<Option<Schema>, StartError> {
        let responses = self.json["responses"].as_array();
        let index = responses.and_then(|responses| {
            let is_success = |code: &Value| matches!(code.as_u64(), Some(200..300));
            responses.iter().position(|each| is_success(&each["code"]))
        });
        match index {
            Some(index) => self.schema(&format!("/responses/{index}/jsonSchema")),
            None => Ok(None),
        }
    }

    fn schema(&self, pointer: &str) -> Result<Option<Schema>, StartError> {
        let schema = self.json.pointer(pointer).map(Schema::new).transpose();
        schema.map_err(|fault: SchemaFault| StartError::Document {
            document: self.name.clone(),
            pointer: format!("{pointer}{}", fault.pointer),
            message: fault.message,
        })
    }

    fn examples(&self) -> Vec<Example> {
        let examples = self.json["responseExamples"].as_array();
        let example = |each: &Value| {
            Some(Example {
                name: each["name"].as_str()?.to_owned(),
                data: each["data"].as_str()?.to_owned(),
            })
        };
        examples.into_iter().flatten().filter_map(example).collect()
    }
}

fn models(schema: &Value) -> Vec<String> {
    let many = schema["enum"].as_array().into_iter().flatten();
    let names = many.chain([&schema["const"]]).filter_map(Value::as_str);
    names.map(str::to_owned).collect()
}
