//! What is wrong with a document: where, why, and what to do about it.

use super::references::written_references;
use crate::pointer::written_place;
use crate::text::Location;

/// How serious a diagnostic is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// It stops the build.
    Error,
    /// It was skipped, or can be ignored.
    Warning,
    /// It is only information.
    Info,
}

impl Severity {
    /// Its name in lower case.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
        }
    }
}

/// Something wrong in a document, and where.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Diagnostic {
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
    pub help: String,
    /// What the place is about, as in `GET /pets, response 200`, where that is known.
    pub subject: Option<String>,
    /// Whether what stands there counts all the same, read as it is meant: nothing is skipped.
    pub is_read_as_meant: bool,
    /// What is omitted for it, with all that it says, where that is more than a keyword.
    pub omission: Option<Omission>,
    /// Where the same is wrong as well: see [`grouped`](super::grouped).
    pub repeats: Repeats,
}

/// What is omitted of a file for what is wrong there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Omission {
    /// An operation, a path, a reply, a component or a block of a page.
    Part,
    /// Another document than the one that is read.
    Document,
}

/// Where the same thing is wrong as well.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Repeats {
    /// How many more there are.
    pub count: usize,
    /// The first of them.
    pub places: Vec<String>,
}

impl Diagnostic {
    /// What is wrong at `pointer` in `file`, and what to do about it.
    #[must_use]
    pub fn new(
        file: impl Into<String>,
        pointer: impl Into<String>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Self {
            file: file.into(),
            location: None,
            pointer: written_place(&pointer.into()).to_owned(),
            keyword: None,
            message: written_references(message.into()),
            help: written_references(help.into()),
            subject: None,
            is_read_as_meant: false,
            omission: None,
            repeats: Repeats::default(),
        }
    }

    /// As one for which this is omitted.
    #[must_use]
    pub fn omitting(self, omission: Omission) -> Self {
        Self {
            omission: Some(omission),
            ..self
        }
    }

    /// As one of what counts all the same, read as it is meant.
    #[must_use]
    pub fn read_as_meant(self) -> Self {
        Self {
            is_read_as_meant: true,
            ..self
        }
    }

    /// With the keyword at fault.
    #[must_use]
    pub fn with_keyword<'k>(self, keyword: impl Into<Option<&'k str>>) -> Self {
        Self {
            keyword: keyword.into().map(str::to_owned),
            ..self
        }
    }

    /// With its place in the text, where that is known already.
    #[must_use]
    pub fn at(self, location: impl Into<Option<Location>>) -> Self {
        Self {
            location: location.into(),
            ..self
        }
    }

    /// On one line, as editors and build logs read it:
    /// `file:line:column: #/pointer: keyword: message (help)`.
    #[must_use]
    pub fn line(&self) -> String {
        let Self { file, help, .. } = self;
        let at = match &self.location {
            Some(location) => format!(
                "{file}:{}:{}: #{}",
                location.line, location.column, self.pointer
            ),
            None => self.unlocated(),
        };
        let subject = self.subject.iter().map(|subject| format!("in {subject}"));
        let notes: Vec<String> = subject.chain(self.repeated()).collect();
        let notes = notes.iter().map(|note| format!(" ({note})"));
        let notes: String = notes.collect();
        format!("{at}: {} ({help}){notes}", self.named()).replace('\n', " ")
    }

    /// Adds another place where the same is wrong.
    pub fn add_repeat(&mut self, other: &Self) {
        self.repeats.count += 1;
        if self.repeats.places.len() < LISTED {
            self.repeats.places.push(other.place());
        }
    }

    /// Where the same is wrong as well, in words.
    pub fn repeated(&self) -> Option<String> {
        let Repeats { count, places } = &self.repeats;
        let rest = count.saturating_sub(places.len());
        let more = (rest > 0).then(|| format!("{rest} more"));
        let all: Vec<String> = places.iter().cloned().chain(more).collect();
        (*count > 0).then(|| format!("{} places: also at {}", count + 1, all.join("; ")))
    }

    /// The place, where it is not known where in a text that is; or what is spoken of, which need
    /// be no file.
    pub(super) fn unlocated(&self) -> String {
        match self.pointer.as_str() {
            "" => self.file.clone(),
            pointer => format!("{}#{pointer}", self.file),
        }
    }

    /// The place, as another diagnostic lists it.
    fn place(&self) -> String {
        let file = &self.file;
        let at = match &self.location {
            Some(location) => format!("{file}:{}:{}", location.line, location.column),
            None => self.unlocated(),
        };
        let subject = self.subject.iter().map(|subject| format!(" ({subject})"));
        format!("{at}{}", subject.collect::<String>())
    }

    /// What is wrong, preceded by the keyword at fault.
    pub fn named(&self) -> String {
        match &self.keyword {
            Some(keyword) => format!("{keyword}: {}", self.message),
            None => self.message.clone(),
        }
    }
}

/// How many places are listed where the same is wrong: the first, and two more.
const LISTED: usize = 2;

/// Each thing that is wrong once, with its first place, how often it occurs in all files, and
/// the next places; in the order of the first ones.
#[must_use]
pub fn grouped(diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut groups: Vec<Diagnostic> = Vec::new();
    let mut known = std::collections::HashMap::new();
    for diagnostic in diagnostics {
        let Diagnostic {
            keyword,
            message,
            help,
            ..
        } = diagnostic.clone();
        let first = *known
            .entry((keyword, message, help))
            .or_insert(groups.len());
        match groups.get_mut(first) {
            Some(group) => group.add_repeat(&diagnostic),
            None => groups.push(diagnostic),
        }
    }
    groups
}

/// All that is wrong with a set of documents; never empty when returned as an error.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Diagnostics(pub Vec<Diagnostic>);

impl Diagnostics {
    /// `Ok` when nothing was found.
    pub fn into_result(mut self) -> Result<(), Self> {
        if self.0.is_empty() {
            return Ok(());
        }
        self.0.sort();
        self.0.dedup();
        Err(self)
    }
}

impl From<Diagnostic> for Diagnostics {
    fn from(diagnostic: Diagnostic) -> Self {
        Self(vec![diagnostic])
    }
}
