//! What was found of the annotations of schemas, which many operations share.

use std::collections::HashMap;

use super::change::Change;
use super::schema::NodeId;

/// A pair of schemas.
pub(super) type Pair = (NodeId, NodeId);

/// What was found of pairs of schemas: many operations have the same ones, and all are told.
#[derive(Default)]
pub(super) struct Annotations {
    pub pairs: HashMap<Pair, Found>,
}

/// What was found of a pair.
pub(super) struct Found {
    /// What changed in the pair itself, without a path.
    pub changes: Vec<Change>,
    /// The pairs within it, each with the path from this one.
    pub within: Vec<(String, Pair)>,
    /// Whether anything changed in it, or in a pair that it leads to.
    pub is_changed: bool,
}

impl Annotations {
    /// Marks those of the pairs which lead to a change. What was found before leads to none of
    /// them, for it was followed to its end.
    pub fn mark_changed(&mut self, added: &[Pair]) {
        let mut around: HashMap<Pair, Vec<Pair>> = HashMap::new();
        let mut pending = Vec::new();
        for pair in added {
            let Some(found) = self.pairs.get(pair) else {
                continue;
            };
            if found.is_changed {
                pending.push(*pair);
            }
            for (_, inner) in &found.within {
                around.entry(*inner).or_default().push(*pair);
                if self.pairs.get(inner).is_some_and(|inner| inner.is_changed) {
                    pending.push(*inner);
                }
            }
        }
        while let Some(changed) = pending.pop() {
            for outer in around.remove(&changed).unwrap_or_default() {
                if let Some(found) = self.pairs.get_mut(&outer) {
                    found.is_changed = true;
                    pending.push(outer);
                }
            }
        }
    }
}
