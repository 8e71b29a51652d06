//! Why a schema refuses some of what another one accepts.

use std::collections::HashMap;

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
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
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

/// How many paths to the same difference are told.
const MOST_PATHS: usize = 3;

/// The same mismatches, each once. Where schemas refer to each other, endless paths lead to one
/// difference: the shortest few are kept.
pub(super) fn distinct(mut found: Vec<Mismatch>) -> Vec<Mismatch> {
    if found.len() < 2 {
        return found;
    }
    let mut groups: HashMap<_, Vec<usize>> = HashMap::new();
    for (at, mismatch) in found.iter().enumerate() {
        let Mismatch {
            path,
            keyword,
            accepts,
            refuses,
            kind,
        } = mismatch;
        let last = path.rsplit('/').next().unwrap_or_default();
        let group = groups.entry((keyword, accepts, refuses, kind, last));
        let group = group.or_default();
        if !group.iter().any(|other| found[*other].path == *path) {
            group.push(at);
        }
    }
    let mut is_kept = vec![false; found.len()];
    for mut group in groups.into_values() {
        group.sort_by_key(|at| found[*at].path.len());
        for at in group.into_iter().take(MOST_PATHS) {
            is_kept[at] = true;
        }
    }
    let mut is_kept = is_kept.into_iter();
    found.retain(|_| is_kept.next().unwrap_or(true));
    found
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
