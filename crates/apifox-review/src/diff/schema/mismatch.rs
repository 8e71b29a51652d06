//! Why a schema refuses some of what another one accepts.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::ops::Deref;
use std::rc::Rc;

use super::node::NodeId;
use super::path::{Path, Paths, Step};

/// One reason, and where it is. A reason is met at many places, by many paths: it is made
/// once, and shared.
#[derive(Clone, Debug)]
pub(crate) struct Mismatch {
    /// The path in the value.
    pub path: Path,
    reason: Rc<Hashed>,
}

/// A reason, and a hash of it.
#[derive(Debug)]
struct Hashed {
    reason: Reason,
    hash: u64,
}

/// What one schema accepts and another refuses.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Reason {
    /// The schema that refuses, and the one that accepts.
    pub refuses: Option<NodeId>,
    pub accepts: Option<NodeId>,
    /// The keyword of the schema that refuses.
    pub keyword: String,
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
    /// The same of one that the other side describes in some of its alternatives.
    PartlyDeclared,
    /// All values.
    Anything,
    /// Unknown values: why the two sides can't be compared.
    Unclear(&'static str),
}

impl Deref for Mismatch {
    type Target = Reason;

    fn deref(&self) -> &Reason {
        &self.reason.reason
    }
}

impl Mismatch {
    /// A reason at the value itself.
    pub fn new(reason: Reason) -> Self {
        // A document can't have many reasons with one hash: it is no number of ours.
        let mut hasher = DefaultHasher::new();
        reason.hash(&mut hasher);
        let hash = hasher.finish();
        Self {
            path: Path::HERE,
            reason: Rc::new(Hashed { reason, hash }),
        }
    }

    /// The same place with another reason, made of its own.
    pub fn with(&self, change: impl FnOnce(&mut Reason)) -> Self {
        let mut reason = Reason::clone(self);
        change(&mut reason);
        Self {
            path: self.path,
            ..Self::new(reason)
        }
    }

    /// Whether it is only about a property that one side does not describe.
    pub fn is_undeclared(&self) -> bool {
        use MismatchKind::{PartlyDeclared, Undeclared};
        matches!(self.kind, Undeclared | PartlyDeclared)
    }

    fn has_reason_of(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.reason, &other.reason) || self.reason.reason == other.reason.reason
    }

    /// The same, told of a value that these steps lead out of, the last step first.
    pub fn nested(&self, paths: &mut Paths, steps: &[Step]) -> Self {
        Self {
            path: paths.nested(steps, self.path),
            reason: Rc::clone(&self.reason),
        }
    }
}

/// How many paths to the same difference are told.
const MOST_PATHS: usize = 3;

/// The same mismatches, each once. Where schemas refer to each other, endless paths lead to one
/// difference, a reason and the last step: the shortest few are kept.
pub(super) fn distinct(paths: &Paths, mut found: Vec<Mismatch>) -> Vec<Mismatch> {
    if found.len() < 2 {
        return found;
    }
    let mut order = Vec::with_capacity(found.len());
    for (at, mismatch) in found.iter().enumerate() {
        let difference = (mismatch.reason.hash, paths.last(mismatch.path));
        order.push((difference, paths.length(mismatch.path), at));
    }
    order.sort_unstable();
    let mut is_kept = vec![false; found.len()];
    let mut kept: Vec<&Mismatch> = Vec::with_capacity(MOST_PATHS);
    for group in order.chunk_by(|(a, ..), (b, ..)| a == b) {
        kept.clear();
        for (_, _, at) in group {
            let mismatch = &found[*at];
            // Others may have the same hash.
            let same = kept.iter().filter(|kept| kept.has_reason_of(mismatch));
            let is_told = same.clone().any(|kept| kept.path == mismatch.path);
            if !is_told && same.count() < MOST_PATHS {
                kept.push(mismatch);
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
    Mismatch::new(Reason {
        refuses: Some(refuses),
        accepts: None,
        keyword: String::new(),
        kind: MismatchKind::Unclear(why),
    })
}

/// That a schema requires a property which values accepted by another may lack.
pub(super) fn missing(accepts: Option<NodeId>, refuses: NodeId) -> Mismatch {
    Mismatch::new(Reason {
        refuses: Some(refuses),
        accepts,
        keyword: "required".into(),
        kind: MismatchKind::Missing,
    })
}
