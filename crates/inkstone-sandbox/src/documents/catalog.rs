//! All documents by route, and the examples of the APIs' errors.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::documents::api::Api;
use crate::documents::document::{Document, Example};
use crate::documents::parse_document::Parser;
use crate::documents::path_template;
use crate::documents::route::Route;
use crate::error::StartError;

/// The documents by their routes.
#[derive(Default)]
pub struct Catalog {
    routes: Vec<Route>,
    /// The examples of each API's error document.
    errors: Vec<(Api, Example)>,
}

impl Catalog {
    pub fn add(&mut self, folder: &str, file: &str, json: &Value) -> Result<(), StartError> {
        let api = Api::from_folder(folder);
        let parser = Parser {
            name: format!("{folder}/{file}"),
            json,
        };
        let Some(path) = json["path"].as_str() else {
            let examples = parser.error_examples()?;
            self.errors
                .extend(examples.into_iter().map(|example| (api, example)));
            return Ok(());
        };
        let method = json["method"].as_str().unwrap_or("GET").to_uppercase();
        let document = parser.document()?;
        let role = parser.role(&method, path, &document)?;
        self.add_document(api, method, path, Document { role, ..document })
    }

    fn add_document(
        &mut self,
        api: Api,
        method: String,
        path: &str,
        document: Document,
    ) -> Result<(), StartError> {
        let is_same = |route: &&mut Route| route.method == method && route.path == path;
        if let Some(route) = self.routes.iter_mut().find(is_same) {
            return route.add(api, document);
        }
        self.routes.push(Route {
            api,
            method,
            path: path.to_owned(),
            documents: vec![document],
        });
        Ok(())
    }

    /// Whether there are no routes.
    pub fn is_empty(&self) -> bool {
        self.routes.is_empty()
    }

    /// The route of a request. A literal path wins over a template with parameters.
    pub fn route(&self, method: &str, path: &str) -> Option<&Route> {
        let mut with_method = self.routes.iter().filter(|route| route.method == method);
        let exact = with_method.clone().find(|route| route.path == path);
        exact.or_else(|| with_method.find(|route| path_template::matches(&route.path, path)))
    }

    /// The models of an API, by name.
    pub fn models(&self, api: Api) -> BTreeSet<&str> {
        let routes = self.routes.iter().filter(|route| route.api == api);
        let documents = routes.flat_map(|route| &route.documents);
        let models = documents.flat_map(|document| &document.models);
        models.map(String::as_str).collect()
    }

    /// The examples that can be asked for: the document's, then those of its API's errors.
    pub fn examples<'a>(
        &'a self,
        api: Api,
        document: Option<&'a Document>,
    ) -> impl Iterator<Item = &'a Example> {
        let own = document.into_iter().flat_map(|document| &document.examples);
        let errors = self.errors.iter().filter(move |(owner, _)| *owner == api);
        own.chain(errors.map(|(_, example)| example))
    }
}
