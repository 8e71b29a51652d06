//! Two documents while they are compared.

use std::collections::HashSet;

use super::schema::{NodeId, SchemaComparison};
use apifox_document::api::Api;

/// Two documents while they are compared; the files of this folder add the comparison of
/// each part.
pub(super) struct ApiComparison<'d> {
    pub old: &'d Api,
    pub new: &'d Api,
    pub schemas: SchemaComparison<'d>,
    /// The pairs of schemas whose annotations were compared.
    pub annotated: HashSet<(NodeId, NodeId)>,
    /// The places of the schemas that were compared, in the old and in the new document.
    pub compared: HashSet<(String, String)>,
}

impl<'d> ApiComparison<'d> {
    pub fn new(old: &'d Api, new: &'d Api) -> Self {
        Self {
            old,
            new,
            schemas: SchemaComparison::default(),
            annotated: HashSet::new(),
            compared: HashSet::new(),
        }
    }
}
