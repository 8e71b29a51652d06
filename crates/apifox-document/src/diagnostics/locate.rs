//! Finds where in the texts a diagnostic's JSON pointer leads.
//!
//! Everything else names places by pointers; the texts are read only once, at the end, and
//! only for what is reported.

use std::collections::HashMap;

use super::{Diagnostic, Diagnostics};
use crate::text::{Lines, Location, Text, Texts};

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

    /// Sets the location of each diagnostic whose text is known, and the file and the pointer
    /// to what is written there.
    pub fn fill(&self, diagnostics: &mut [Diagnostic]) {
        let mut read: HashMap<String, Option<Located<'_>>> = HashMap::new();
        for diagnostic in diagnostics
            .iter_mut()
            .filter(|diagnostic| diagnostic.location.is_none())
        {
            (diagnostic.file, diagnostic.pointer) =
                self.original(&diagnostic.file, &diagnostic.pointer);
            let located = read.entry(diagnostic.file.clone());
            let located = located.or_insert_with_key(|file| self.get(file).map(Located::new));
            if let Some(located) = located {
                let keyword = diagnostic.keyword.as_deref();
                diagnostic.location = Some(located.location(&diagnostic.pointer, keyword));
            }
        }
    }
}

/// A text with its lines, which are looked up many times.
struct Located<'t> {
    text: &'t Text,
    lines: Lines<'t>,
}

impl<'t> Located<'t> {
    fn new(text: &'t Text) -> Self {
        Self {
            text,
            lines: Lines::new(&text.text),
        }
    }

    fn location(&self, pointer: &str, keyword: Option<&str>) -> Location {
        let bytes = self.text.tree.find(&self.text.text, pointer, keyword);
        self.lines.location(&bytes)
    }
}
