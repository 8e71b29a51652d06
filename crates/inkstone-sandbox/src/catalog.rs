//! Which document answers a request?

use hyper::StatusCode;
use serde_json::Value;

use crate::api::Api;
use crate::error::StartError;
use crate::fault::{Fault, Kind};
use crate::keywords::SchemaFault;
use crate::parameter::Parameter;
use crate::schema::Schema;
use crate::shorten;
use crate::template;

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
    pub role: Role,
    method: String,
    /// A segment of it may be a parameter, as in `/tasks/{task_id}`.
    pub path: String,
    documents: Vec<Document>,
}

/// What a route is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It answers with pictures.
    Generate,
    /// It answers with a task.
    Submit,
    Query,
    List,
    Cancel,
}

/// What one document says of its requests and replies.
pub struct Document {
    /// The folder and the file, as in `gateway/wan2.7-image-pro`.
    pub name: String,
    models: Vec<String>,
    pub asks: Asks,
    pub parameters: Parameters,
    pub response: Option<Schema>,
    pub examples: Vec<Example>,
}

/// What a document wants as the body.
pub enum Asks {
    Json(Schema),
    Form(Vec<Parameter>),
    Nothing,
}

/// The parameters beside the body.
#[derive(Default)]
pub struct Parameters {
    pub path: Vec<Parameter>,
    pub query: Vec<Parameter>,
    pub header: Vec<Parameter>,
}

impl Document {
    /// What the schema says of a member of the body, by the names of its parents.
    pub fn member(&self, parents: &[&str], name: &str) -> &Value {
        match &self.asks {
            Asks::Json(schema) => {
                let path = parents.iter().chain([&name]);
                let path: Vec<_> = path.flat_map(|name| ["properties", name]).collect();
                schema.at(&path)
            }
            Asks::Form(fields) => {
                let field = fields.iter().find(|field| field.name == name);
                field.map_or(&Value::Null, Parameter::schema)
            }
            Asks::Nothing => &Value::Null,
        }
    }
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
        let role = reader.role(&method, path, &document)?;
        let at = |route: &&mut Route| route.method == method && route.path == path;
        match self.routes.iter_mut().find(at) {
            Some(route) => route.add(api, role, document),
            None => {
                self.routes.push(Route {
                    api,
                    role,
                    method,
                    path: path.to_owned(),
                    documents: vec![document],
                });
                Ok(())
            }
        }
    }

    /// The route of a request: rather one that is written out than one with
    /// parameters.
    pub fn route(&self, method: &str, path: &str) -> Option<&Route> {
        let mut of_method = self.routes.iter().filter(|route| route.method == method);
        let exact = of_method.clone().find(|route| route.path == path);
        exact.or_else(|| of_method.find(|route| template::fits(&route.path, path)))
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
    fn add(&mut self, api: Api, role: Role, document: Document) -> Result<(), StartError> {
        let refused = |pointer: &str, message| StartError::Document {
            document: document.name.clone(),
            pointer: pointer.into(),
            message,
        };
        if api != self.api {
            let message = format!("{} is a route of the other API", self.path);
            return Err(refused("/path", message));
        }
        if role != self.role {
            let message = format!("{} is answered in another way already", self.path);
            return Err(refused("/path", message));
        }
        for other in &self.documents {
            if document.models.is_empty() {
                let message = format!("{} already answers here", other.name);
                return Err(refused("/path", message));
            }
            let is_taken = |model: &&String| other.models.contains(model);
            if let Some(model) = document.models.iter().find(is_taken) {
                let message = format!("{} already answers for the model {model:?}", other.name);
                return Err(refused(document.models_at(), message));
            }
        }
        self.documents.push(document);
        Ok(())
    }

    /// The document of a route that knows no models.
    pub fn only(&self) -> Option<&Document> {
        self.documents.first()
    }

    /// The document that answers for the model that a body names.
    pub fn document(&self, model: &Value) -> Result<&Document, Fault> {
        let wrong = match model {
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
const FORM: &str = "/requestBody/parameters";
/// The header that asks for a task.
pub const ASYNC: &str = "X-DashScope-Async";

impl Document {
    /// Where the models are named.
    fn models_at(&self) -> &'static str {
        match self.asks {
            Asks::Form(_) => FORM,
            _ => MODEL,
        }
    }
}

/// A document that is being read.
struct Reader<'a> {
    name: String,
    json: &'a Value,
}

impl Reader<'_> {
    fn document(&self) -> Result<Document, StartError> {
        let asks = self.asks()?;
        let mut document = Document {
            name: self.name.clone(),
            models: Vec::new(),
            asks,
            parameters: Parameters {
                path: self.parameters("/parameters/path")?,
                query: self.parameters("/parameters/query")?,
                header: self.parameters("/parameters/header")?,
            },
            response: self.response()?,
            examples: self.examples(),
        };
        document.models = models(document.member(&[], "model"));
        Ok(document)
    }

    fn asks(&self) -> Result<Asks, StartError> {
        if let Some(schema) = self.schema(REQUEST)? {
            return Ok(Asks::Json(schema));
        }
        match self.json["requestBody"]["type"].as_str() {
            Some("multipart/form-data") => Ok(Asks::Form(self.parameters(FORM)?)),
            _ => Ok(Asks::Nothing),
        }
    }

    /// What a document is for: one that names models is for pictures, and of the
    /// others it is the path that says so.
    fn role(&self, method: &str, path: &str, document: &Document) -> Result<Role, StartError> {
        if !document.models.is_empty() {
            let mut headers = document.parameters.header.iter();
            let is_async =
                headers.any(|header| header.required && header.name.eq_ignore_ascii_case(ASYNC));
            return Ok(if is_async {
                Role::Submit
            } else {
                Role::Generate
            });
        }
        let tail: Vec<_> = path.split('/').rev().map(template::plain).collect();
        match (method, tail.as_slice()) {
            ("GET", ["{}", "tasks", ..]) => return Ok(Role::Query),
            ("GET", ["tasks", ..]) => return Ok(Role::List),
            ("POST", ["cancel", "{}", "tasks", ..]) => return Ok(Role::Cancel),
            _ => {}
        }
        let (pointer, message) = match &document.asks {
            Asks::Nothing => (REQUEST, "there is no schema"),
            _ => (
                document.models_at(),
                "names no model: give it a const or an enum",
            ),
        };
        Err(StartError::Document {
            document: self.name.clone(),
            pointer: pointer.into(),
            message: message.into(),
        })
    }

    fn parameters(&self, pointer: &str) -> Result<Vec<Parameter>, StartError> {
        let items = self.json.pointer(pointer).and_then(Value::as_array);
        let read = |(index, item)| {
            Parameter::new(item).map_err(|fault| StartError::Document {
                document: self.name.clone(),
                pointer: format!("{pointer}/{index}{}", fault.pointer),
                message: fault.message,
            })
        };
        items.into_iter().flatten().enumerate().map(read).collect()
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
