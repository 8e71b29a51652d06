//! A method and path, and the documents that answer there.

use hyper::StatusCode;
use serde_json::Value;

use crate::documents::api::Api;
use crate::documents::api_error::{ApiError, ErrorKind};
use crate::documents::document::Document;
use crate::documents::role::Role;
use crate::error::StartError;
use crate::shorten;

/// The documents of one method and path.
pub struct Route {
    pub api: Api,
    pub method: String,
    /// A segment of it may be a parameter, as in `/tasks/{task_id}`.
    pub path: String,
    pub documents: Vec<Document>,
}

impl Route {
    /// Adds a document for models that no other document of the route has.
    pub fn add(&mut self, api: Api, document: Document) -> Result<(), StartError> {
        if let Err((pointer, message)) = self.check_new(api, &document) {
            return Err(StartError::Document {
                document: document.name,
                pointer: pointer.into(),
                message,
            });
        }
        self.documents.push(document);
        Ok(())
    }

    /// Where a new document contradicts those that are here, and how.
    fn check_new(&self, api: Api, document: &Document) -> Result<(), (&'static str, String)> {
        if api != self.api {
            let message = format!("{} is a route of the other API", self.path);
            return Err(("/path", message));
        }
        // Some gateways answer with a task for one model and at once for another; the routes
        // of DashScope do one or the other.
        let is_mixed = api == Api::Gateway && document.role.makes_pictures();
        let is_same = |other: &Document| other.role == document.role;
        if !self
            .documents
            .iter()
            .all(|other| is_same(other) || is_mixed && other.role.makes_pictures())
        {
            let message = format!("{} already has documents of another kind", self.path);
            return Err(("/path", message));
        }
        for other in &self.documents {
            if document.models.is_empty() {
                return Err(("/path", format!("{} already answers here", other.name)));
            }
            let is_taken = |model: &&String| other.models.contains(model);
            if let Some(model) = document.models.iter().find(is_taken) {
                let message = format!("{} already answers for the model {model:?}", other.name);
                return Err((document.models_pointer(), message));
            }
        }
        Ok(())
    }

    /// What the route is for: of several, the first document says.
    pub fn role(&self) -> Role {
        self.documents
            .first()
            .map_or(Role::Generate, |document| document.role)
    }

    /// What it is for where a body names this model.
    pub fn role_for(&self, model: Option<&str>) -> Role {
        let has_model = |document: &&Document| {
            document
                .models
                .iter()
                .any(|known| Some(known.as_str()) == model)
        };
        let found = self.documents.iter().find(has_model);
        found.map_or_else(|| self.role(), |document| document.role)
    }

    /// The document of a route whose documents name no models.
    pub fn only_document(&self) -> Result<&Document, ApiError> {
        let document = self.documents.first();
        document.ok_or_else(|| ApiError::sandbox("the route has no document"))
    }

    /// The document for the model that a body names.
    pub fn document(&self, model: &Value) -> Result<&Document, ApiError> {
        // A document that names no model takes any, and answers alone.
        if let Some(any) = self
            .documents
            .iter()
            .find(|document| document.models.is_empty())
        {
            return Ok(any);
        }
        let problem = match model {
            Value::String(model) => {
                let mut documents = self.documents.iter();
                match documents.find(|document| document.models.contains(model)) {
                    Some(document) => return Ok(document),
                    None => format!("there is no model {:?}", shorten::text(model, 100)),
                }
            }
            Value::Null => "the body names no model".into(),
            other => format!("{} is not a model", shorten::json(other, 100)),
        };
        let models = self.documents.iter().flat_map(|document| &document.models);
        let models: Vec<_> = models.map(String::as_str).collect();
        let message = format!("{problem}; there are: {}", models.join(", "));
        Err(ApiError {
            param: "/model".into(),
            ..ApiError::new(StatusCode::NOT_FOUND, ErrorKind::Model, message)
        })
    }
}
