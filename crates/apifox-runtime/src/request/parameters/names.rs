//! Which parameter or field a name that is written belongs to.

use std::collections::{HashMap, HashSet};

/// The names of what is written in one place. An exploded object is written under the names of
/// its members, which a receiver would take for whatever else has them.
pub(crate) struct Names<'n> {
    /// What may be written there, be it in this request or not.
    declared: HashSet<&'n str>,
    /// What is, with the parameter or field that it is of.
    written: HashMap<String, &'n str>,
}

impl<'n> Names<'n> {
    /// A place for what has these names.
    pub fn new(declared: impl IntoIterator<Item = &'n str>) -> Self {
        Self {
            declared: declared.into_iter().collect(),
            written: HashMap::new(),
        }
    }

    /// Whether `name` can be written for `owner`: it is that of no other.
    pub fn claim(&mut self, owner: &'n str, name: &str) -> bool {
        let is_declared = name != owner && self.declared.contains(name);
        let is_written = self.written.get(name).is_some_and(|by| *by != owner);
        if is_declared || is_written {
            return false;
        }
        self.written.insert(name.to_owned(), owner);
        true
    }
}
