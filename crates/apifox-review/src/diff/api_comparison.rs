//! Two documents while they are compared.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::annotation_memory::Annotations;
use super::change::{Change, Role};
use super::schema::{NodeId, SchemaComparison};
use apifox_document::api::Api;

/// Two documents while they are compared; the files of this folder add the comparison of
/// each part.
pub(super) struct ApiComparison<'d> {
    pub old: &'d Api,
    pub new: &'d Api,
    pub schemas: SchemaComparison<'d>,
    /// What was told of schemas that were compared: many operations have the same ones.
    pub described: HashMap<Compared, Rc<[Change]>>,
    /// What was found of the annotations of schemas.
    pub annotations: Annotations,
    /// The places of the schemas that were compared, in the old and in the new document.
    pub compared: HashSet<(String, String)>,
}

/// Schemas of the old document and of the new one, and the role of their values.
type Compared = (Vec<NodeId>, Vec<NodeId>, Role);

impl<'d> ApiComparison<'d> {
    pub fn new(old: &'d Api, new: &'d Api) -> Self {
        Self {
            old,
            new,
            schemas: SchemaComparison::default(),
            described: HashMap::new(),
            annotations: Annotations::default(),
            compared: HashSet::new(),
        }
    }
}
