//! The entry points for one document: the text of a Rust module.

use std::path::Path;

use serde_json::Value;

use crate::emit;
use crate::lower;
use crate::model::OmittedOperation;
use crate::print::Printer;
use crate::settings::Settings;
use apifox_document::diagnostics::{Diagnostic, Diagnostics, grouped};
use apifox_document::schema::extensions::misspelt;
use apifox_document::{Document, Omission, sources};

/// Generates a module of Rust from the file at `path`, with the corrections
/// beside it: see [`rust`].
///
/// # Errors
///
/// Every problem of it.
pub fn rust_file(path: &Path, root: &str) -> Result<Code, Diagnostics> {
    Standalone::new(root).file(path)
}

/// Generates a module of Rust from one document in any form, or from a bare JSON
/// Schema, whose type is then called `root`; `file` names it in errors.
///
/// The module stands alone: it needs the crates `apifox-runtime`, `serde` and
/// `serde_json`, and nothing else.
///
/// # Errors
///
/// Every problem of it.
pub fn rust(file: &str, json: Value, root: &str) -> Result<Code, Diagnostics> {
    Standalone::new(root).document(Document::from_json(file, json))
}

/// Generates a module of Rust from the text of a document in any form: see
/// [`rust`]. `file` names it, and its ending says how it is written; without
/// one that is known, the text itself does.
///
/// # Errors
///
/// Every problem of it.
pub fn rust_text(file: &str, text: &str, root: &str) -> Result<Code, Diagnostics> {
    Standalone::new(root).text(file, text)
}

/// Generates a module that stands alone of one document, as [`rust`], [`rust_file`] and
/// [`rust_text`] do, with settings.
///
/// ```
/// let schema = r#"{"type": "string", "format": "uuid"}"#;
/// let code = apifox_build::Standalone::new("Id").formats(["uuid"]).text("id.json", schema)?;
/// assert!(code.text.contains("pub struct Id(pub rt::Uuid);"), "{}", code.text);
/// # Ok::<(), apifox_build::Diagnostics>(())
/// ```
#[derive(Clone, Debug)]
pub struct Standalone {
    root: String,
    settings: Settings,
}

impl Standalone {
    /// The type of a bare JSON Schema is called `root`.
    #[must_use]
    pub fn new(root: &str) -> Self {
        Self {
            root: root.to_owned(),
            settings: Settings::default(),
        }
    }

    /// Asserts these formats: see [`Builder::formats`](crate::Builder::formats).
    #[must_use]
    pub fn formats(mut self, names: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        let names = names.into_iter().map(|name| name.as_ref().to_owned());
        self.settings.formats.extend(names);
        self
    }

    /// Generates only these operations: see
    /// [`Builder::only_operations`](crate::Builder::only_operations).
    #[must_use]
    pub fn only_operations(mut self, names: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        let names = names.into_iter().map(|name| name.as_ref().to_owned());
        self.settings.only_operations.extend(names);
        self
    }

    /// The module for the file at `path`, with the corrections beside it.
    ///
    /// # Errors
    ///
    /// Every problem of it, and of the settings.
    pub fn file(&self, path: &Path) -> Result<Code, Diagnostics> {
        self.document(sources::read_file(path)?)
    }

    /// The module for the text of a document: see [`rust_text`].
    ///
    /// # Errors
    ///
    /// Every problem of it, and of the settings.
    pub fn text(&self, file: &str, text: &str) -> Result<Code, Diagnostics> {
        self.document(sources::read_text(file, text)?)
    }

    fn document(&self, document: Document) -> Result<Code, Diagnostics> {
        let settings = &self.settings;
        settings.check(std::slice::from_ref(&document))?;
        let has_operations = document.form().has_operations();
        let made = match has_operations {
            true => lower::module(&document, settings),
            false => lower::schema(&document.file, &document.json, &self.root, settings),
        };
        let mut module = made.map_err(|problems| problems.at(&document.texts))?;
        Diagnostics(lower::unknown(settings, &[&module.chosen])).into_result()?;
        // A module that lacks all that it is for would be taken for the whole.
        let is_omitted = |skipped: &&Diagnostic| skipped.omission == Some(Omission::Part);
        if has_operations && !module.chosen.is_any {
            let omitted = module.skipped.iter().filter(is_omitted).cloned();
            let omitted = Diagnostics(omitted.collect()).into_result();
            omitted.map_err(|omitted| omitted.at(&document.texts))?;
        }
        if !has_operations {
            module.skipped.extend(document.faults.iter().cloned());
            module.skipped.extend(misspelt(&document));
        }
        let mut printer = Printer::new(HEADER, settings);
        emit::module(&module, emit::Documents::Within, &mut printer)?;
        let text = printer.finish()?;
        let omitted = module
            .omitted
            .drain(..)
            .flat_map(OmittedOperation::problems);
        let skipped = module.skipped.drain(..).chain(module.unsupported.drain(..));
        let mut warnings: Vec<Diagnostic> = skipped.chain(omitted).collect();
        document.texts.locate(&mut warnings);
        let warnings = grouped(warnings);
        Ok(Code { text, warnings })
    }
}

/// Generated Rust, and the warnings of its document.
#[derive(Clone, Debug)]
pub struct Code {
    /// The text of a module.
    pub text: String,
    /// What was skipped in the document, what is not supported, and the operations that
    /// were omitted.
    pub warnings: Vec<Diagnostic>,
}

const HEADER: &str = "\
// Generated by apifox-build; do not edit.
//
// Needs the crates apifox-runtime, serde and serde_json.

";
