//! What is wrong with a document: where, why, and what to do about it.

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
            message: message.into(),
            help: help.into(),
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
            None => format!("{file}#{}", self.pointer),
        };
        format!("{at}: {} ({help})", self.named()).replace('\n', " ")
    }

    /// What is wrong, preceded by the keyword at fault.
    pub fn named(&self) -> String {
        match &self.keyword {
            Some(keyword) => format!("{keyword}: {}", self.message),
            None => self.message.clone(),
        }
    }
}

/// All that is wrong with a set of documents; never empty when returned as an error.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
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
