//! Which form a document has.

use serde_json::Value;

use super::foreign::Foreign;
use super::{openapi, project};
use crate::document::Document;
use crate::members::ObjectKind;

/// The form of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// A project export of Apifox or Apidog.
    Project,
    /// OpenAPI 3.
    OpenApi,
    /// Swagger 2.0.
    Swagger,
    /// OpenAPI that does not say its version, so that it can't be read.
    Unversioned,
    /// The format of another tool, such as a Postman collection, which is not read.
    Foreign,
    /// One operation, as a published page holds it.
    Endpoint,
    /// The body of an API's errors: a response without an operation.
    Response,
    /// A JSON Schema and nothing else.
    Schema,
}

impl Document {
    /// Which form it has.
    #[must_use]
    pub fn form(&self) -> Form {
        Form::of(&self.json)
    }
}

impl Form {
    /// The form of a document in JSON.
    #[must_use]
    pub fn of(json: &Value) -> Self {
        let has = |name: &str| json.get(name).is_some();
        match json {
            json if project::is_project(json) => Self::Project,
            _ if has("openapi") => Self::OpenApi,
            _ if has("swagger") => Self::Swagger,
            json if json["path"].is_string() => Self::Endpoint,
            _ if has("jsonSchema") => Self::Response,
            json if Foreign::of(json).is_some() => Self::Foreign,
            json if openapi::is_unversioned(json) => Self::Unversioned,
            _ => Self::Schema,
        }
    }

    /// Whether it describes operations; what is in another format is no schema either, and
    /// [`read`](super::read) says so.
    #[must_use]
    pub fn has_operations(self) -> bool {
        !matches!(self, Self::Response | Self::Schema)
    }

    /// Whether it is OpenAPI or Swagger, of any version.
    #[must_use]
    pub fn is_openapi(self) -> bool {
        matches!(self, Self::OpenApi | Self::Swagger)
    }

    /// The kind of its root; `None` for a schema, and where its version or format is not known.
    #[must_use]
    pub fn root(self) -> Option<ObjectKind> {
        Some(match self {
            Self::Project => ObjectKind::Project,
            Self::OpenApi => ObjectKind::OpenApi,
            Self::Swagger => ObjectKind::Swagger,
            Self::Endpoint => ObjectKind::Endpoint,
            Self::Response => ObjectKind::EndpointResponse,
            Self::Unversioned | Self::Foreign | Self::Schema => return None,
        })
    }
}
