//! A document that is answered for: its operations, its schemas, and what was stored.

use std::sync::Arc;

use apifox_document::pointer::encoded;
use apifox_document::schema::reachable::standing_alone;
use apifox_document::{Diagnostics, Document, forms};
use hyper::StatusCode;
use serde_json::{Value, json};

use crate::documents::schema::Schema;
use crate::mock::error::MockError;
use crate::mock::operation::{Found, Operation};
use crate::mock::request::typed::Types;
use crate::mock::schemas::Schemas;
use crate::mock::states::States;

/// A document of any form that is answered for.
pub struct Mock {
    /// The file, as it was given.
    pub file: String,
    /// The document, with its schemas in plain JSON Schema.
    pub json: Value,
    pub is_openapi: bool,
    pub operations: Vec<Operation>,
    /// What replies are drawn by.
    pub seed: u64,
    pub states: States,
    is_shared: bool,
    schemas: Schemas,
}

/// What a document has at a path.
pub enum Lookup<'m> {
    Found(Found<'m>),
    /// The path is there, with these methods.
    OtherMethods(Vec<&'m str>),
    None,
}

impl Mock {
    /// Reads a document. What of it is skipped is what `schema lint` reports.
    pub fn read(document: &Document, seed: u64) -> Result<Self, Diagnostics> {
        let api = forms::read(document, false)?;
        let operations = api.operations.into_iter();
        let operations = operations.map(|endpoint| Operation::new(endpoint, &api.servers));
        Ok(Self {
            file: document.file.clone(),
            is_openapi: document.form().is_openapi(),
            operations: operations.collect(),
            json: api.json,
            is_shared: api.is_shared,
            seed,
            states: States::default(),
            schemas: Schemas::default(),
        })
    }

    /// The operation for a request. Of several, one whose path has more that is literal wins.
    pub fn find(&self, method: &str, path: &str, query: &str) -> Lookup<'_> {
        let mut found: Vec<Found<'_>> = self
            .operations
            .iter()
            .filter_map(|operation| operation.find(path, query))
            .collect();
        found.sort_by_cached_key(|found| found.operation.template.rank());
        let is_method = |own: &str| own == method || (method == "HEAD" && own == "GET");
        let methods: Vec<&str> = found
            .iter()
            .map(|one| one.operation.endpoint.method.as_str())
            .collect();
        let own = found
            .into_iter()
            .find(|one| is_method(&one.operation.endpoint.method));
        match own {
            Some(found) => Lookup::Found(found),
            None if methods.is_empty() => Lookup::None,
            None => Lookup::OtherMethods(methods),
        }
    }

    /// The schema at a place of the document, compiled when it is needed.
    pub fn schema(&self, place: &str) -> Result<Arc<Schema>, MockError> {
        if let Some(schema) = self.schemas.get(place) {
            return Ok(schema);
        }
        let alone = self.standing_alone(place);
        let compiled = Schema::new(&alone).map_err(|error| {
            let message = format!(
                "{}: the schema can't be compiled: {}: {}",
                self.place(place),
                error.pointer,
                error.message
            );
            MockError::new(StatusCode::INTERNAL_SERVER_ERROR, message)
        });
        let schema = Arc::new(compiled?);
        let text = alone.to_string().len();
        self.schemas.keep(place, schema.clone(), text);
        Ok(schema)
    }

    /// A place of the document, as messages name it.
    pub fn place(&self, place: &str) -> String {
        format!("{}#{place}", self.file)
    }

    /// A schema with all that it refers to, and nothing else of the document.
    fn standing_alone(&self, place: &str) -> Value {
        if !self.is_shared {
            return self.json.pointer(place).cloned().unwrap_or(true.into());
        }
        let reference = json!({"$ref": format!("#{}", encoded(place))});
        standing_alone(&self.json, &reference)
    }

    /// The types that the schema at a place allows.
    pub fn types(&self, place: &str) -> Types<'_> {
        let schema = self.json.pointer(place).unwrap_or(&Value::Null);
        match self.is_shared {
            true => Types::new(&self.json, schema),
            false => Types::new(schema, schema),
        }
    }
}
