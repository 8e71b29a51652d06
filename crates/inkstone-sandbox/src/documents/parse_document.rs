//! From a document's JSON to a [`Document`] and the role of its route.

use serde_json::Value;

use crate::documents::document::{
    BODY_SCHEMA, BodySchema, Document, Example, FORM_FIELDS, Parameters,
};
use crate::documents::parameter::Parameter;
use crate::documents::path_template;
use crate::documents::role::Role;
use crate::documents::schema::Schema;
use crate::error::StartError;
use crate::keywords::validator::SchemaError;

/// The header that asks for a task.
pub const ASYNC_HEADER: &str = "X-DashScope-Async";

/// A document that is being parsed.
pub struct Parser<'a> {
    /// The folder and the file.
    pub name: String,
    pub json: &'a Value,
}

impl Parser<'_> {
    pub fn document(&self) -> Result<Document, StartError> {
        let mut document = Document {
            name: self.name.clone(),
            models: Vec::new(),
            role: Role::Generate,
            body: self.body()?,
            parameters: Parameters {
                path: self.parameters("/parameters/path")?,
                query: self.parameters("/parameters/query")?,
                header: self.parameters("/parameters/header")?,
            },
            response: self.response()?,
            examples: self.examples(),
        };
        document.models = models(document.member_schema(&[], "model"));
        Ok(document)
    }

    /// The examples of a document that describes an API's errors.
    pub fn error_examples(&self) -> Result<Vec<Example>, StartError> {
        self.schema("/jsonSchema")?;
        Ok(self.examples())
    }

    fn body(&self) -> Result<BodySchema, StartError> {
        if let Some(schema) = self.schema(BODY_SCHEMA)? {
            return Ok(BodySchema::Json(schema));
        }
        match self.json["requestBody"]["type"].as_str() {
            Some("multipart/form-data") => Ok(BodySchema::Form(self.parameters(FORM_FIELDS)?)),
            _ => Ok(BodySchema::None),
        }
    }

    /// What a document's route is for. A document that names models is for pictures;
    /// for any other the path decides.
    pub fn role(&self, method: &str, path: &str, document: &Document) -> Result<Role, StartError> {
        if !document.models.is_empty() {
            return Ok(match requires_async(document) || names_task(document) {
                true => Role::Submit,
                false => Role::Generate,
            });
        }
        let tail: Vec<_> = path.split('/').rev().map(path_template::plain).collect();
        match (method, tail.as_slice()) {
            ("GET", ["{}", "tasks", ..]) => Ok(Role::Query),
            ("GET", ["tasks", ..]) => Ok(Role::List),
            ("GET", ["models", ..]) => Ok(Role::Models),
            ("GET", ["uploads", ..]) => Ok(Role::Policy),
            // A task of the route that took the request.
            ("GET", ["{}", ..]) if names_task(document) => Ok(Role::Query),
            ("POST", ["cancel", "{}", "tasks", ..]) => Ok(Role::Cancel),
            ("POST", _) if takes_file(document) => Ok(Role::Store),
            // It takes any model.
            ("POST", _) if names_task(document) => Ok(Role::Submit),
            ("POST", _) if has_pictures(document) => Ok(Role::Generate),
            _ => Err(self.without_models(document)),
        }
    }

    fn without_models(&self, document: &Document) -> StartError {
        match &document.body {
            BodySchema::None => self.error(BODY_SCHEMA, "there is no schema"),
            _ => self.error(
                document.models_pointer(),
                "names no model: give it a const or an enum",
            ),
        }
    }

    fn error(&self, pointer: impl Into<String>, message: impl Into<String>) -> StartError {
        StartError::Document {
            document: self.name.clone(),
            pointer: pointer.into(),
            message: message.into(),
        }
    }

    fn schema_error(&self, pointer: &str, error: SchemaError) -> StartError {
        self.error(format!("{pointer}{}", error.pointer), error.message)
    }

    fn parameters(&self, pointer: &str) -> Result<Vec<Parameter>, StartError> {
        let items = self.json.pointer(pointer).and_then(Value::as_array);
        let parse = |(index, item)| {
            Parameter::new(item)
                .map_err(|error| self.schema_error(&format!("{pointer}/{index}"), error))
        };
        items.into_iter().flatten().enumerate().map(parse).collect()
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
        schema.map_err(|error| self.schema_error(pointer, error))
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

fn requires_async(document: &Document) -> bool {
    let mut headers = document.parameters.header.iter();
    headers.any(|header| header.required && header.name.eq_ignore_ascii_case(ASYNC_HEADER))
}

/// Whether the reply names a task.
fn names_task(document: &Document) -> bool {
    let response = document.response.as_ref();
    let item: [&str; 3] = ["properties", "data", "items"];
    let places: [&[&str]; 4] = [
        &[],
        &["properties", "output"],
        &["properties", "data"],
        &item,
    ];
    response.is_some_and(|schema| {
        let mut found = places.iter().map(|place| &schema.at(place)["properties"]);
        found.any(|properties| !properties["task_id"].is_null())
    })
}

/// Whether the reply has a list of pictures, as that of a gateway.
fn has_pictures(document: &Document) -> bool {
    let response = document.response.as_ref();
    response.is_some_and(|schema| {
        let item = &schema.at(&["properties", "data", "items"])["properties"];
        !item["url"].is_null() || !item["b64_json"].is_null()
    })
}

/// Whether a form has a file, and nothing that names a model.
fn takes_file(document: &Document) -> bool {
    let BodySchema::Form(fields) = &document.body else {
        return false;
    };
    let names_model = fields.iter().any(|field| field.name == "model");
    !names_model && fields.iter().any(Parameter::is_file)
}

fn models(schema: &Value) -> Vec<String> {
    let many = schema["enum"].as_array().into_iter().flatten();
    let names = many.chain([&schema["const"]]).filter_map(Value::as_str);
    names.map(str::to_owned).collect()
}
