//! What others need to know of the module of a document: those around it, and the lists of
//! all operations and documents.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use serde::{Deserialize, Serialize};

use crate::model::{ErrorBody, Module, Operation};

/// What others need to know of a module.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Outline {
    /// The modules around this one and its own name, as Rust identifiers.
    pub path: Vec<String>,
    /// The API: the document's folders, joined by `/`.
    pub api: String,
    /// The document's name.
    pub name: String,
    /// The document's file.
    pub file: String,
    /// Its documentation, as attributes.
    pub docs: String,
    pub operations: Vec<OutlinedOperation>,
}

/// What others need to know of an operation.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct OutlinedOperation {
    /// Its own module, if it has one.
    pub module: Option<String>,
    /// Whether the API sends it, and nobody calls it.
    pub is_incoming: bool,
    /// Whether its document says that it is deprecated.
    pub is_deprecated: bool,
    /// Whether its document says nothing of the body of an error.
    pub error_is_unknown: bool,
}

impl Outline {
    /// The outline of a module with this documentation.
    pub fn new(module: &Module, docs: &TokenStream) -> Self {
        Self {
            path: module.path.clone(),
            api: module.api.clone(),
            name: module.name.clone(),
            file: module.file.clone(),
            docs: docs.to_string(),
            operations: module
                .operations
                .iter()
                .map(OutlinedOperation::new)
                .collect(),
        }
    }

    /// The folder that it lies in.
    fn folder(&self) -> &[String] {
        self.path.split_last().map_or(&[], |(_, folder)| folder)
    }
}

impl OutlinedOperation {
    fn new(operation: &Operation) -> Self {
        Self {
            module: operation.in_own_module.then(|| operation.module.clone()),
            is_incoming: operation.is_incoming,
            is_deprecated: operation.docs.is_deprecated,
            error_is_unknown: matches!(operation.error, ErrorBody::Unknown),
        }
    }
}

/// The error bodies that lie beside documents, by folder.
pub(crate) struct ErrorBodies<'o>(BTreeMap<&'o [String], &'o Outline>);

impl<'o> ErrorBodies<'o> {
    pub fn new(outlines: impl IntoIterator<Item = &'o Outline>) -> Self {
        let errors = outlines.into_iter();
        let errors = errors.filter(|own| own.operations.is_empty() && own.name == "error");
        Self(errors.map(|own| (own.folder(), own)).collect())
    }

    /// The type, as a path from the root, of the errors of operations whose document says
    /// nothing of them, if there are such and there is one.
    pub fn of(&self, outline: &Outline) -> Option<Vec<String>> {
        let asks = outline.operations.iter().any(|own| own.error_is_unknown);
        let beside = self.0.get(outline.folder()).filter(|_| asks)?;
        Some(
            beside
                .path
                .iter()
                .cloned()
                .chain(["Error".to_owned()])
                .collect(),
        )
    }
}

/// Gives every operation whose document says nothing of it this error body.
pub(crate) fn link_error(module: &mut Module, path: &[String]) {
    for operation in &mut module.operations {
        if matches!(operation.error, ErrorBody::Unknown) {
            operation.error = ErrorBody::Elsewhere(path.to_vec());
        }
    }
}
