//! The texts of the files that a document was read from.

use std::collections::{BTreeMap, BTreeSet};

use super::location::{Lines, Text};
use super::unread::Unread;

/// The texts of files, by their names.
#[derive(Clone, Debug, Default)]
pub struct Texts {
    texts: BTreeMap<String, Text>,
    /// Where parts of a document come from, by its file; what was moved last is last.
    origins: BTreeMap<String, Vec<Origins>>,
}

/// Where parts of a document come from: each by the pointer to it, with the pointer to it
/// as it is written, and its file where that is another one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Origins(BTreeMap<String, (Option<String>, String)>);

impl Texts {
    /// Adds the text of a file.
    pub fn insert(&mut self, file: &str, text: Text) {
        self.texts.insert(file.to_owned(), text);
    }

    /// Adds the texts of other files.
    pub fn extend(&mut self, others: Self) {
        self.texts.extend(others.texts);
        self.origins.extend(others.origins);
    }

    /// The file and the pointer where what is at `pointer` of the document `file` is
    /// written: in a file that the document refers to, or in a document of an older version.
    #[must_use]
    pub fn original(&self, file: &str, pointer: &str) -> (String, String) {
        let mut original = (file.to_owned(), pointer.to_owned());
        for origins in self.origins.get(file).into_iter().flatten().rev() {
            match origins.find(&original.1) {
                Some((Some(file), pointer)) => return (file, pointer),
                Some((None, pointer)) => original.1 = pointer,
                None => {}
            }
        }
        original
    }

    /// The pointers in the document `file` to what is written at `pointer` of the file `written`,
    /// the other way round than [`original`](Self::original): there are several where several
    /// parts of the document share it.
    pub(crate) fn current(&self, file: &str, written: &str, pointer: &str) -> Vec<String> {
        let here = (file == written).then(|| pointer.to_owned());
        let mut found: BTreeSet<String> = here.into_iter().collect();
        for origins in self.origins.get(file).into_iter().flatten() {
            let moved: Vec<_> = found
                .iter()
                .flat_map(|before| origins.moved_from(None, before))
                .collect();
            found.extend(origins.moved_from(Some(written), pointer));
            found.extend(moved);
        }
        let original = (written.to_owned(), pointer.to_owned());
        found.retain(|place| self.original(file, place) == original);
        found.into_iter().collect()
    }

    /// The names of the members that the value at `pointer` of a file has; `None` where nothing
    /// is there.
    pub(crate) fn names(&self, file: &str, pointer: &str) -> Option<Vec<&str>> {
        self.texts.get(file)?.tree.names(pointer)
    }

    /// The text of the value at `pointer` of the document `file`, if it is known.
    pub(crate) fn written(&self, file: &str, pointer: &str) -> Option<&str> {
        let (file, pointer) = self.original(file, pointer);
        self.value_text(&file, &pointer)
    }

    /// What was not read of the files, each part with the name of its file.
    pub fn unread(&self) -> Vec<(&str, Unread<'_>)> {
        let files = self.texts.iter();
        let files = files.filter(|(_, text)| !text.unread.is_empty());
        let parts = files.flat_map(|(file, text)| {
            let lines = Lines::new(&text.text);
            text.unread.iter().map(move |part| {
                let unread = Unread {
                    pointer: &part.pointer,
                    line: lines.at(part.bytes.start),
                    why: &part.why,
                    text: text.text.get(part.bytes.clone()).unwrap_or(&text.text),
                };
                (file.as_str(), unread)
            })
        });
        parts.collect()
    }

    /// The text of the value that is written at a pointer of a file.
    #[must_use]
    pub fn value_text(&self, file: &str, pointer: &str) -> Option<&str> {
        let text = self.texts.get(file)?;
        text.text.get(text.tree.value(pointer)?)
    }

    pub(crate) fn get(&self, file: &str) -> Option<&Text> {
        self.texts.get(file)
    }

    /// Says where parts of a document come from, as it was before the call.
    pub(crate) fn add_origins(&mut self, file: &str, origins: Origins) {
        let known = self.origins.entry(file.to_owned()).or_default();
        known.push(origins);
    }
}

impl Origins {
    /// What is at `place` is written at `pointer`, and in `file` if that is another one.
    pub fn insert(&mut self, place: String, file: Option<String>, pointer: String) {
        self.0.insert(place, (file, pointer));
    }

    pub fn remove(&mut self, place: &str) {
        self.0.remove(place);
    }

    /// What was moved within the file: each place, and where that is written.
    pub fn moved_here(&self) -> impl Iterator<Item = (&str, &str)> {
        let entries = self.0.iter().filter(|(_, (file, _))| file.is_none());
        entries.map(|(place, (_, pointer))| (place.as_str(), pointer.as_str()))
    }

    /// Where that is which was at `pointer`, of another file if one is named.
    fn moved_from(&self, file: Option<&str>, pointer: &str) -> impl Iterator<Item = String> {
        self.0.iter().filter_map(move |(place, (of, origin))| {
            let below = pointer.strip_prefix(origin.as_str())?;
            let is_whole = below.is_empty() || below.starts_with('/');
            (is_whole && of.as_deref() == file).then(|| format!("{place}{below}"))
        })
    }

    /// The file and the pointer where what is at `pointer` is written, if it was moved.
    pub fn find(&self, pointer: &str) -> Option<(Option<String>, String)> {
        let mut around = pointer;
        loop {
            if let Some((file, origin)) = self.0.get(around) {
                let below = &pointer[around.len()..];
                return Some((file.clone(), format!("{origin}{below}")));
            }
            around = around.rsplit_once('/')?.0;
        }
    }
}
