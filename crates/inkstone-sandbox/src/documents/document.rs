//! What one document says of its requests and replies.

use serde_json::Value;

use crate::documents::parameter::Parameter;
use crate::documents::role::Role;
use crate::documents::schema::Schema;

/// Where a document has the schema of its JSON body.
pub const BODY_SCHEMA: &str = "/requestBody/jsonSchema";
/// Where a document has the fields of its form.
pub const FORM_FIELDS: &str = "/requestBody/parameters";
const MODEL_SCHEMA: &str = "/requestBody/jsonSchema/properties/model";

/// An Apifox document, parsed.
pub struct Document {
    /// The folder and the file, as in `gateway/wan2.7-image-pro`.
    pub name: String,
    pub models: Vec<String>,
    /// What its route is for.
    pub role: Role,
    pub body: BodySchema,
    pub parameters: Parameters,
    pub response: Option<Schema>,
    pub examples: Vec<Example>,
}

/// What the body of a request has to be.
pub enum BodySchema {
    Json(Schema),
    Form(Vec<Parameter>),
    None,
}

/// The parameters beside the body.
#[derive(Default)]
pub struct Parameters {
    pub path: Vec<Parameter>,
    pub query: Vec<Parameter>,
    pub header: Vec<Parameter>,
}

/// A reply that a document shows.
pub struct Example {
    pub name: String,
    pub data: String,
}

impl Document {
    /// The schema of a member of the body, below the members named `parents`.
    pub fn member_schema(&self, parents: &[&str], name: &str) -> &Value {
        match &self.body {
            BodySchema::Json(schema) => {
                let path = parents.iter().chain([&name]);
                let path: Vec<_> = path.flat_map(|name| ["properties", name]).collect();
                schema.at(&path)
            }
            BodySchema::Form(fields) => {
                let field = fields.iter().find(|field| field.name == name);
                field.map_or(&Value::Null, Parameter::schema)
            }
            BodySchema::None => &Value::Null,
        }
    }

    /// Where the models are named.
    pub fn models_pointer(&self) -> &'static str {
        match self.body {
            BodySchema::Form(_) => FORM_FIELDS,
            _ => MODEL_SCHEMA,
        }
    }
}
