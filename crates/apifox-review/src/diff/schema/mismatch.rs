//! Why a schema refuses some of what another one accepts.

use super::node::NodeId;
use apifox_document::pointer::JsonPointerExt as _;

/// One reason, and where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mismatch {
    /// The path in the value: a JSON pointer, with `*` for any item or property.
    pub path: String,
    /// The keyword of the schema that refuses.
    pub keyword: String,
    /// The schema that accepts, and the one that refuses.
    pub accepts: Option<NodeId>,
    pub refuses: Option<NodeId>,
    pub kind: MismatchKind,
}

/// The values that are refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum MismatchKind {
    /// Values beyond a limit: that of the side that accepts, if it has one, and that of
    /// the side that refuses.
    Limit { has: Option<String>, wants: String },
    /// These values.
    Values(Vec<String>),
    /// An object without this property.
    Missing,
    /// A property that only the refusing side describes.
    Undeclared,
    /// All values.
    Anything,
    /// Unknown values: why the two sides can't be compared.
    Unclear(&'static str),
}

impl Mismatch {
    /// Whether it is only about a property that one side does not describe.
    pub fn is_undeclared(&self) -> bool {
        self.kind == MismatchKind::Undeclared
    }

    /// The same one step further in.
    pub fn nested(&self, step: &str) -> Self {
        Self {
            path: format!("{step}{}", self.path),
            ..self.clone()
        }
    }
}

/// That a schema can't be compared.
pub(super) fn unclear(refuses: NodeId, why: &'static str) -> Mismatch {
    Mismatch {
        path: String::new(),
        keyword: String::new(),
        accepts: None,
        refuses: Some(refuses),
        kind: MismatchKind::Unclear(why),
    }
}

/// That a schema requires a property which values accepted by another may lack.
pub(super) fn missing(accepts: Option<NodeId>, refuses: NodeId, name: &str) -> Mismatch {
    Mismatch {
        path: "".child(name),
        keyword: "required".into(),
        accepts,
        refuses: Some(refuses),
        kind: MismatchKind::Missing,
    }
}
