//! Finds the documents of a directory, reads them and applies their corrections.
//!
//! `gateway/wan.json` is a document; `gateway/wan.bugs.patch.json` corrects what
//! is wrong in it, `gateway/wan.prose.patch.json` adds what its prose says and
//! its schema doesn't. The file's ending says how it is written:
//!
//! | Ending | Written as |
//! |---|---|
//! | `.json` | JSON: a project export, OpenAPI, or one operation |
//! | `.yaml`, `.yml` | OpenAPI in YAML |
//! | `.md` | Markdown with OpenAPI in a fence, as Apifox sites give out a page |
//! | `.txt` | the text of a published page |
//!
//! Files with other endings or whose name starts with `_` or `.` are left alone,
//! and so are Markdown without such a fence and text that is not a page.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::corrections::{self, Correction};
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::document::{Document, no_document};
use crate::parse::{self, Parsed, parse, written};
use crate::text::{Text, Texts, Written};

pub use crate::parse::{ending, page_diagnostic, read_text, stem};

/// The endings of correction files, in the order they are applied: first what
/// is wrong in the document, then what only its prose says.
pub const CORRECTION_ENDINGS: [&str; 2] = [".bugs.patch.json", ".prose.patch.json"];

/// The documents below a directory, and every path that they depend on.
#[derive(Debug, Default)]
pub struct Sources {
    /// The documents, sorted by file.
    pub documents: Vec<Document>,
    /// The directories and files that were read.
    pub watched: Vec<PathBuf>,
}

/// Reads every document below `root` and corrects it.
///
/// A file that can't be read or parsed, or whose corrections don't apply, is omitted and
/// reported.
#[must_use]
pub fn read(root: &Path) -> (Sources, Diagnostics) {
    let mut diagnostics = Diagnostics::default();
    let mut sources = Sources::default();
    let files = find_files(root, &mut sources.watched, &mut diagnostics);
    for (file, path) in &files {
        sources.watched.push(path.clone());
        let is_correction = CORRECTION_ENDINGS.iter().any(|end| file.ends_with(end));
        if is_correction {
            diagnostics.0.extend(orphan(file, &files));
            continue;
        }
        match document(file, path, &files) {
            Ok(document) => sources.documents.extend(document),
            Err(found) => diagnostics.0.extend(found.0),
        }
    }
    (sources, diagnostics)
}

/// The files below `root` that may be documents or corrections, by their names from there.
fn find_files(
    root: &Path,
    watched: &mut Vec<PathBuf>,
    diagnostics: &mut Diagnostics,
) -> BTreeMap<String, PathBuf> {
    let mut files = BTreeMap::new();
    let mut pending = vec![root.to_path_buf()];
    while let Some(directory) = pending.pop() {
        watched.push(directory.clone());
        let entries = list(&directory).unwrap_or_else(|error| {
            let unreadable = unreadable(&display(&directory), &error);
            diagnostics.0.push(unreadable);
            Vec::new()
        });
        for path in entries {
            if path.is_dir() {
                pending.push(path);
            } else if written(&path).is_some() {
                files.insert(relative(root, &path), path);
            }
        }
    }
    files
}

/// Reads the one document at `path`, with the corrections beside it.
///
/// # Errors
///
/// What can't be read, holds no document, or has corrections that don't apply.
pub fn read_file(path: &Path) -> Result<Document, Diagnostics> {
    let file = display(path);
    let beside = CORRECTION_ENDINGS.map(|ending| format!("{}{ending}", stem(&file)));
    let files = beside
        .into_iter()
        .map(|file| (file.clone(), PathBuf::from(file)))
        .filter(|(_, path)| path.is_file())
        .collect();
    let Some(mut document) = document(&file, path, &files)? else {
        return Err(no_document(&file).into());
    };
    document.folders.clear();
    Ok(document)
}

fn document(
    file: &str,
    path: &Path,
    files: &BTreeMap<String, PathBuf>,
) -> Result<Option<Document>, Diagnostics> {
    let mut texts = Texts::default();
    let read = corrected(file, path, files, &mut texts);
    match read {
        Ok(parsed) => Ok(parsed.map(|parsed| parsed.named(file, texts))),
        Err(mut diagnostics) => {
            texts.locate(&mut diagnostics.0);
            Err(diagnostics)
        }
    }
}

/// A document with its corrections applied; the texts are kept to locate diagnostics.
fn corrected(
    file: &str,
    path: &Path,
    files: &BTreeMap<String, PathBuf>,
    texts: &mut Texts,
) -> Result<Option<Parsed>, Diagnostics> {
    let text = fs::read_to_string(path).map_err(|error| unreadable(file, &error))?;
    let mut text = Text::new(&text, written(path).unwrap_or(Written::Json));
    let parsed = parse(file, &mut text);
    texts.insert(file, text);
    let Some(mut parsed) = parsed? else {
        return Ok(None);
    };
    for ending in CORRECTION_ENDINGS {
        let correction_file = format!("{}{ending}", stem(file));
        if let Some(path) = files.get(&correction_file) {
            let Some(correction) = read_correction(correction_file, path, texts)? else {
                continue;
            };
            corrections::apply(&mut parsed.json, file, &correction)?;
            parsed.faults.extend(correction.faults);
        }
    }
    Ok(Some(parsed))
}

/// Reads a correction; `None` for an empty file, which a shell creates before it runs the
/// command whose output is redirected into it.
fn read_correction(
    file: String,
    path: &Path,
    texts: &mut Texts,
) -> Result<Option<Correction>, Diagnostics> {
    let text = fs::read_to_string(path).map_err(|error| unreadable(&file, &error))?;
    if text.trim().is_empty() {
        return Ok(None);
    }
    let mut text = Text::new(&text, Written::Json);
    let parsed = parse::json(&file, &mut text);
    texts.insert(&file, text);
    let Parsed { json, faults, .. } = parsed?;
    Ok(Some(Correction { file, json, faults }))
}

/// That a correction has no document beside it.
fn orphan(file: &str, files: &BTreeMap<String, PathBuf>) -> Option<Diagnostic> {
    let stem = CORRECTION_ENDINGS
        .iter()
        .find_map(|end| file.strip_suffix(end))?;
    let document = format!("{stem}.json");
    let is_there = files
        .keys()
        .any(|other| other != file && self::stem(other) == stem);
    (!is_there).then(|| {
        Diagnostic::new(
            file,
            "",
            format!("corrects {document}, which is not there"),
            "rename or delete the correction",
        )
    })
}

fn list(directory: &Path) -> std::io::Result<Vec<PathBuf>> {
    fs::read_dir(directory)?
        .map(|entry| Ok(entry?.path()))
        .filter(|path| !path.as_ref().is_ok_and(|path| is_hidden(path)))
        .collect()
}

fn is_hidden(path: &Path) -> bool {
    path.file_name()
        .is_some_and(|name| name.to_string_lossy().starts_with(['_', '.']))
}

fn relative(root: &Path, path: &Path) -> String {
    display(path.strip_prefix(root).unwrap_or(path))
}

fn display(path: &Path) -> String {
    let parts: Vec<_> = path
        .components()
        .map(|part| part.as_os_str().to_string_lossy())
        .collect();
    parts.join("/").replace("//", "/")
}

fn unreadable(file: &str, error: &std::io::Error) -> Diagnostic {
    Diagnostic::new(
        file,
        "",
        format!("cannot be read: {error}"),
        "check the path and its permissions",
    )
}
