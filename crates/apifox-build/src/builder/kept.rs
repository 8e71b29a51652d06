//! What was generated before, for documents that have not changed since.
//!
//! Beside the code of each document lies a note with all that the code was made of, so that
//! what is used again is what would be made again.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::time::UNIX_EPOCH;

use serde::{Deserialize, Serialize};

use crate::model::Chosen;
use crate::outline::Outline;
use crate::settings::Settings;
use apifox_document::Document;
use apifox_document::diagnostics::{Diagnostic, Diagnostics};

/// The files of an output directory.
pub(crate) struct Kept {
    directory: PathBuf,
    /// The file that includes what is made of each document.
    name: String,
    /// What all documents' code is made by: the generator and the settings; `None` where
    /// nobody can tell one generator from another, and so nothing is used again.
    maker: Option<String>,
}

/// What is known of code that was made before.
#[derive(Deserialize, Serialize)]
pub(crate) struct Head {
    pub outline: Outline,
    /// The error body that its operations were given.
    pub error: Option<Vec<String>>,
    /// The names of the settings that are of its document.
    pub renamed: BTreeSet<String>,
    /// What its document calls its schemas and operations.
    pub known: Vec<String>,
    pub chosen: Chosen,
}

impl Kept {
    pub fn new(directory: PathBuf, name: &str, settings: &Settings) -> Self {
        let maker = generator().map(|generator| format!("{generator}\n{settings:?}"));
        Self {
            directory,
            name: name.to_owned(),
            maker,
        }
    }

    /// The name of the file with the code of a document; it lies beside the one that
    /// includes it, as paths in it are from there.
    pub fn file(&self, document: &str) -> String {
        let flat = document.replace('%', "%25").replace('+', "%2B");
        let flat = flat.replace('/', "+");
        format!("{}+{flat}.rs", self.name)
    }

    /// The directory with the documents as they are corrected, which the code includes: that of
    /// another file may have others of the same names.
    pub fn documents(&self) -> String {
        format!("{}+documents", self.name)
    }

    /// What was made of the document, if it was made of just this.
    pub fn find(&self, document: &Document) -> Option<Head> {
        let read = |name| fs::read_to_string(self.directory.join(name)).ok();
        let note = read(self.note(document))?;
        let (head, made_of) = note.split_once('\n')?;
        let text = text(document);
        let is_same = made_of.strip_suffix(&text)? == self.made_by(document)?;
        let is_there = |file| self.directory.join(file).is_file();
        let are_there =
            || is_there(self.file(&document.file)) && is_there(self.corrected(document));
        (is_same && are_there()).then(|| serde_json::from_str(head).ok())?
    }

    /// Writes the code of a document, the document and, if the code may be used again, what it
    /// was made of.
    ///
    /// # Errors
    ///
    /// A file can't be written.
    pub fn keep(
        &self,
        document: &Document,
        head: &Head,
        is_clean: bool,
        code: &str,
    ) -> Result<(), Diagnostics> {
        let note = self.note(document);
        // Whatever comes between, a note never lies beside code that it is not of.
        match fs::remove_file(self.directory.join(&note)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(unwritable(&note, &error.to_string()).into());
            }
            _ => {}
        }
        self.save(&self.file(&document.file), code)?;
        let text = text(document);
        self.save(&self.corrected(document), &text)?;
        let Some(made_by) = self.made_by(document).filter(|_| is_clean) else {
            return Ok(());
        };
        match serde_json::to_string(head) {
            Ok(head) => self.save(&note, &format!("{head}\n{made_by}{text}")),
            // Without a note it is made again.
            Err(_) => Ok(()),
        }
    }

    /// Writes a file below the directory.
    ///
    /// # Errors
    ///
    /// It can't be written.
    pub fn save(&self, name: &str, text: &str) -> Result<(), Diagnostics> {
        let file = self.directory.join(name);
        let fault = |error: std::io::Error| {
            let message = error.to_string();
            Diagnostics::from(unwritable(&file.display().to_string(), &message))
        };
        if let Some(directory) = file.parent() {
            fs::create_dir_all(directory).map_err(fault)?;
        }
        fs::write(&file, text).map_err(fault)
    }

    fn corrected(&self, document: &Document) -> String {
        format!("{}/{}", self.documents(), document.file)
    }

    fn note(&self, document: &Document) -> String {
        format!("{}.kept", self.file(&document.file))
    }

    /// What the code of a document is made by: the generator, the settings, and where the document
    /// lies.
    fn made_by(&self, document: &Document) -> Option<String> {
        let maker = self.maker.as_ref()?;
        let Document {
            folders,
            name,
            file,
            is_page,
            ..
        } = document;
        Some(format!(
            "{maker}\n{folders:?} {name:?} {file:?} {is_page}\n"
        ))
    }
}

/// The document as it is corrected.
fn text(document: &Document) -> String {
    format!("{:#}\n", document.json)
}

/// What tells this generator from any other: the program that it is part of, a build script,
/// is written anew whenever it changes.
fn generator() -> Option<String> {
    let program = std::env::current_exe().ok()?;
    let about = fs::metadata(&program).ok()?;
    let since = about.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    Some(format!("{} {} {since:?}", program.display(), about.len()))
}

pub(crate) fn unwritable(file: &str, message: &str) -> Diagnostic {
    Diagnostic::new(
        file,
        "",
        format!("cannot be written: {message}"),
        "check the directory and its permissions",
    )
}
