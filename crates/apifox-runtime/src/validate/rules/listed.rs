//! The values that `enum` lists, found by what JSON Schema calls equal.

use std::collections::HashMap;

use crate::validate::listing::one_of;
use crate::value::hash::JsonHasher;
use crate::value::json_view::{JsonView, same};
use crate::value::node::Node;

/// Up to this many values are compared one after another.
const FEW: usize = 16;

/// The values that `enum` lists.
pub(crate) struct Listed {
    values: Vec<Node<'static>>,
    hasher: JsonHasher,
    /// The indexes of the values with a hash, unless there are few values.
    by_hash: HashMap<u64, Vec<usize>>,
}

impl Listed {
    pub fn new(values: Vec<Node<'static>>) -> Self {
        let hasher = JsonHasher::default();
        let mut by_hash: HashMap<u64, Vec<usize>> = HashMap::new();
        if values.len() > FEW {
            for (at, value) in values.iter().enumerate() {
                by_hash.entry(hasher.hash(value)).or_default().push(at);
            }
        }
        Self {
            values,
            hasher,
            by_hash,
        }
    }

    /// Whether a value is listed.
    pub fn has(&self, value: &dyn JsonView) -> bool {
        if self.values.len() <= FEW {
            return self.values.iter().any(|listed| same(listed, value));
        }
        let alike = self.by_hash.get(&self.hasher.hash(value));
        alike.is_some_and(|alike| alike.iter().any(|at| same(&self.values[*at], value)))
    }

    /// The values in words: `one of 1, 2, 3`.
    pub fn in_words(&self) -> String {
        one_of(self.values.iter().map(|value| value.to_value()))
    }
}
