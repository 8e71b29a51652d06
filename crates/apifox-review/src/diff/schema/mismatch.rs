//! Why a schema refuses some of what another one accepts.

use std::cmp::Ordering;

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
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
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

    /// The order of mismatches by what differs, wherever that is.
    fn compare_difference(&self, other: &Self) -> Ordering {
        fn last(mismatch: &Mismatch) -> Option<&str> {
            mismatch.path.rsplit('/').next()
        }
        let schemas = (self.refuses, self.accepts).cmp(&(other.refuses, other.accepts));
        schemas
            .then_with(|| self.keyword.cmp(&other.keyword))
            .then_with(|| self.kind.cmp(&other.kind))
            .then_with(|| last(self).cmp(&last(other)))
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
    let mut order: Vec<usize> = (0..found.len()).collect();
    order.sort_unstable_by(|a, b| {
        let (one, other) = (&found[*a], &found[*b]);
        let by_length = || one.path.len().cmp(&other.path.len());
        let by_difference = one.compare_difference(other);
        by_difference.then_with(by_length).then_with(|| a.cmp(b))
    });
    let mut is_kept = vec![false; found.len()];
    let is_same = |a: &usize, b: &usize| found[*a].compare_difference(&found[*b]).is_eq();
    for group in order.chunk_by(is_same) {
        let mut paths: Vec<&str> = Vec::with_capacity(MOST_PATHS);
        for at in group {
            let path = found[*at].path.as_str();
            if paths.len() < MOST_PATHS && !paths.contains(&path) {
                paths.push(path);
                is_kept[*at] = true;
            }
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
