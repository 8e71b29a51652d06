//! The texts of the files that a document was read from.

use std::collections::BTreeMap;

use super::location::Text;

/// The texts of files, by their names.
#[derive(Clone, Debug, Default)]
pub struct Texts(BTreeMap<String, Text>);

impl Texts {
    /// Adds the text of a file.
    pub fn insert(&mut self, file: &str, text: Text) {
        self.0.insert(file.to_owned(), text);
    }

    /// Adds the texts of other files.
    pub fn extend(&mut self, others: Self) {
        self.0.extend(others.0);
    }

    pub(crate) fn get(&self, file: &str) -> Option<&Text> {
        self.0.get(file)
    }
}
