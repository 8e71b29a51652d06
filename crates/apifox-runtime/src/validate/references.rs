//! Where the references of a document lead, for a generator.

use jsonptr::Pointer;
use serde_json::Value;

use crate::validate::rules::draft::Draft;
use crate::validate::rules::resources::Resources;

/// Where the references of a document lead.
#[derive(Debug)]
pub struct References(Resources);

impl References {
    /// Finds the identifiers and anchors of a document.
    #[must_use]
    pub fn new(document: &Value, draft: Draft) -> Self {
        Self(Resources::from_document(document, draft))
    }

    /// The JSON pointer that `reference`, in the schema at `pointer`, resolves to.
    #[must_use]
    pub fn target(&self, pointer: &str, reference: &str) -> Option<String> {
        let resource = self.0.resource(Pointer::parse(pointer).ok()?);
        let target = self.0.target(resource, reference)?;
        Some(target.to_string())
    }

    /// Whether the document has dynamic anchors.
    #[must_use]
    pub fn has_dynamic(&self) -> bool {
        !self.0.dynamic.is_empty()
    }

    /// Whether parts of the document have base URIs of their own (`$id`).
    #[must_use]
    pub fn has_embedded_resources(&self) -> bool {
        self.0.list.len() > 1
    }
}
