//! Finds where in the texts a diagnostic's JSON pointer leads.
//!
//! Everything else names places by pointers; the texts are read only once, at the end, and
//! only for what is reported.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Diagnostic, Diagnostics};
use crate::text::{Lines, Location, Text, Texts, spans};

impl Diagnostics {
    /// With the places in these texts.
    #[must_use]
    pub fn at(mut self, texts: &Texts) -> Self {
        texts.locate(&mut self.0);
        self
    }
}

impl Texts {
    /// Sets the location of each diagnostic whose text is known, and sorts them all by file
    /// and location.
    pub fn locate(&self, diagnostics: &mut [Diagnostic]) {
        self.fill(diagnostics);
        diagnostics.sort_by(|a, b| (&a.file, &a.location).cmp(&(&b.file, &b.location)));
    }

    /// Sets the location of each diagnostic whose text is known.
    pub fn fill(&self, diagnostics: &mut [Diagnostic]) {
        let mut read: HashMap<String, Option<Located>> = HashMap::new();
        for diagnostic in diagnostics
            .iter_mut()
            .filter(|diagnostic| diagnostic.location.is_none())
        {
            let located = read.entry(diagnostic.file.clone());
            let located = located.or_insert_with_key(|file| self.get(file).map(Located::new));
            if let Some(located) = located {
                let keyword = diagnostic.keyword.as_deref();
                diagnostic.location = Some(located.location(&diagnostic.pointer, keyword));
            }
        }
    }
}

/// A text with the places of its values, which are looked up many times.
struct Located {
    text: Arc<str>,
    lines: Lines,
    tree: spans::Tree,
}

impl Located {
    fn new(text: &Text) -> Self {
        Self {
            text: Arc::clone(&text.text),
            lines: Lines::new(&text.text),
            tree: spans::tree(text),
        }
    }

    fn location(&self, pointer: &str, keyword: Option<&str>) -> Location {
        let bytes = self.tree.find(&self.text, pointer, keyword);
        let line = self.lines.at(bytes.start);
        Location::new(&self.text, line, self.lines.line(line), &bytes)
    }
}
