//! What is wrong with a document: where, why, and what to do about it.

use std::fmt;

use crate::locate::{Location, Texts};
use crate::render::{self, Level, Look};

/// One fault of a document, located.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The file the fault lies in.
    pub file: String,
    /// The place in its text, where the text is known.
    pub location: Option<Location>,
    /// The JSON pointer ([RFC 6901](https://www.rfc-editor.org/rfc/rfc6901))
    /// to the faulty value; empty for the whole document.
    pub pointer: String,
    /// The keyword at fault, where one is.
    pub keyword: Option<String>,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub remedy: String,
}

impl Problem {
    /// On one line, as editors and build logs read it:
    /// `file:line:column: #/pointer: keyword: message (remedy)`.
    #[must_use]
    pub fn line(&self) -> String {
        let Self { file, remedy, .. } = self;
        let at = match &self.location {
            Some(it) => format!("{file}:{}:{}: #{}", it.line, it.column, self.pointer),
            None => format!("{file}#{}", self.pointer),
        };
        format!("{at}: {} ({remedy})", self.named()).replace('\n', " ")
    }

    /// As text for a reader, in 80 columns: with the line it stands on where the
    /// text is known.
    #[must_use]
    pub fn text(&self, level: Level, look: Look) -> String {
        match &self.location {
            Some(location) => render::text(self, location, level, look),
            None => {
                let Self { file, pointer, .. } = self;
                format!("{file}#{pointer}: {}\n    {}", self.named(), self.remedy)
            }
        }
    }

    /// What is wrong, after the keyword at fault.
    pub(crate) fn named(&self) -> String {
        match &self.keyword {
            Some(keyword) => format!("{keyword}: {}", self.message),
            None => self.message.clone(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(Level::Error, Look::Plain))
    }
}

/// All that is wrong with a set of documents; never empty when returned as an error.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problems(pub Vec<Problem>);

impl Problems {
    /// `Ok` when nothing was found.
    pub(crate) fn into_result(mut self) -> Result<(), Self> {
        if self.0.is_empty() {
            return Ok(());
        }
        self.0.sort();
        self.0.dedup();
        Err(self)
    }

    /// With the places in these texts.
    pub(crate) fn at(mut self, texts: &Texts) -> Self {
        texts.locate(&mut self.0);
        self
    }

    /// As text for a reader: how many there are, and each as [`Problem::text`].
    #[must_use]
    pub fn text(&self, look: Look) -> String {
        let count = self.0.len();
        let noun = if count == 1 { "problem" } else { "problems" };
        let mut text = format!("{count} {noun} in the documents:");
        for problem in &self.0 {
            let one = problem.text(Level::Error, look);
            match problem.location {
                Some(_) => text += &format!("\n\n{one}"),
                None => text += &format!("\n  {}", one.replace('\n', "\n  ")),
            }
        }
        text
    }
}

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Self {
        Self(vec![problem])
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(Look::Plain))
    }
}

impl std::error::Error for Problems {}

/// The one of some names that is most like `name`, if any is much like it.
pub(crate) fn closest<'n>(name: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    const ALIKE: f64 = 0.85;
    let likeness = |other: &str| strsim::jaro_winkler(name, other);
    let closest = names.max_by(|a, b| likeness(a).total_cmp(&likeness(b)))?;
    (likeness(closest) >= ALIKE).then_some(closest)
}

/// `value` as JSON on one line, cut to a length fit for an error.
pub(crate) fn shortened(value: &serde_json::Value) -> String {
    const LONGEST: usize = 120;
    let text = value.to_string();
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    }
}
