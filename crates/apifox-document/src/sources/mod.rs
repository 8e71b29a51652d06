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
//!
//! A document may refer to other files of JSON or YAML below its own directory, whatever
//! their names are. A file that a document refers to is not read as a document of its own,
//! unless it is one: it has `openapi`, `swagger` or the like.

mod both;
mod file;
mod referenced;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use self::referenced::Main;
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::document::{Document, no_document};
use crate::forms::foreign::Foreign;
use crate::parse::{looks_written, parse, written};
use crate::text::{Text, Texts};

pub use crate::corrections::CORRECTION_ENDINGS;
pub use crate::parse::{ending, page_diagnostic, stem};

pub use self::both::both;

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
/// reported. So is a file that is not a document, unless a document refers to it: then it is
/// part of that one.
#[must_use]
pub fn read(root: &Path) -> (Sources, Diagnostics) {
    let mut diagnostics = Diagnostics::default();
    let mut sources = Sources::default();
    let files = find_files(root, &mut sources.watched, &mut diagnostics);
    let mut read = Vec::new();
    for (file, path) in &files {
        sources.watched.push(path.clone());
        match CORRECTION_ENDINGS.iter().any(|end| file.ends_with(end)) {
            true => diagnostics.0.extend(orphan(file, &files)),
            false => read.push((path, document(file, path))),
        }
    }
    let parts = parts(
        read.iter()
            .filter_map(|(_, read)| read.as_ref().ok()?.as_ref()),
    );
    for (path, read) in read {
        let is_part = || fs::canonicalize(path).is_ok_and(|path| parts.contains(&path));
        match read {
            Ok(Some(document)) if !document.form().has_operations() && is_part() => {}
            Ok(document) => sources.documents.extend(document),
            // The document that refers to the file says what is wrong with it.
            Err(_) if is_part() => {}
            Err(found) => diagnostics.0.extend(found.0),
        }
    }
    let files = sources
        .documents
        .iter()
        .flat_map(|document| &document.files);
    let beside = files.filter(|file| !sources.watched.contains(file));
    // To collect them would sort them first.
    let mut all = BTreeSet::new();
    all.extend(beside.cloned());
    sources.watched.extend(all);
    (sources, diagnostics)
}

/// The files that documents refer to, without symbolic links.
fn parts<'d>(documents: impl Iterator<Item = &'d Document>) -> BTreeSet<PathBuf> {
    let whole = documents.filter(|document| document.form().has_operations());
    let files = whole.flat_map(|document| &document.files);
    let mut parts = BTreeSet::new();
    parts.extend(files.filter_map(|file| fs::canonicalize(file).ok()));
    parts
}

/// The files below `root` that may be documents or corrections, by their names from there.
fn find_files(
    root: &Path,
    watched: &mut Vec<PathBuf>,
    diagnostics: &mut Diagnostics,
) -> BTreeMap<String, PathBuf> {
    let mut files = BTreeMap::new();
    let mut pending = vec![root.to_path_buf()];
    let mut seen = BTreeSet::new();
    while let Some(directory) = pending.pop() {
        // A symbolic link may lead to a directory around it.
        let is_new = fs::canonicalize(&directory).map_or(true, |real| seen.insert(real));
        if !is_new {
            continue;
        }
        watched.push(directory.clone());
        let entries = list(&directory).unwrap_or_else(|error| {
            let unreadable = file::unreadable(&display(&directory), &error);
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

/// Reads the one document at `path`, with the corrections beside it and the files that it
/// refers to.
///
/// # Errors
///
/// What can't be read, holds no document, or has corrections that don't apply.
pub fn read_file(path: &Path) -> Result<Document, Diagnostics> {
    let file = display(path);
    let Some(mut document) = document(&file, path)? else {
        return Err(unread(&file, &file::text(&file, path)?).into());
    };
    document.folders.clear();
    Ok(document)
}

/// Reads a document from its text. The ending of `file`, its name, says how it is written;
/// if the ending is unknown, the text itself decides. Other files that it refers to are not
/// read.
///
/// # Errors
///
/// That the text holds no document.
pub fn read_text(file: &str, text: &str) -> Result<Document, Diagnostics> {
    text_document(file, text, None)
}

/// Reads a document from its text, which was read from the file at `path`, with the files
/// that it refers to: see [`read_text`]. Corrections beside the file are not applied.
///
/// # Errors
///
/// That the text holds no document.
pub fn read_text_of(path: &Path, text: &str) -> Result<Document, Diagnostics> {
    text_document(&display(path), text, Some(path))
}

/// Why a text that holds no document is not read.
fn unread(file: &str, text: &str) -> Diagnostic {
    let format = Foreign::of_text(text);
    format.map_or_else(|| no_document(file), |format| format.refused(file))
}

fn text_document(file: &str, text: &str, path: Option<&Path>) -> Result<Document, Diagnostics> {
    let size = text.len() as u64;
    let how = written(Path::new(file)).unwrap_or_else(|| looks_written(text));
    let mut text = Text::new(text, how);
    let Some(mut parsed) = parse(file, &mut text)? else {
        return Err(unread(file, &text.text).into());
    };
    let mut texts = Texts::default();
    texts.insert(file, text);
    let files = referenced::read_into(&mut parsed, &Main { file, path, size }, &mut texts);
    Ok(Document {
        files,
        ..parsed.named(file, texts)
    })
}

fn document(file: &str, path: &Path) -> Result<Option<Document>, Diagnostics> {
    let mut texts = Texts::default();
    match file::read(file, path, &mut texts) {
        Ok(read) => Ok(read.parsed.map(|mut parsed| {
            let main = Main {
                file,
                path: Some(path),
                size: read.size,
            };
            let referenced = referenced::read_into(&mut parsed, &main, &mut texts);
            Document {
                files: [read.corrections, referenced].concat(),
                ..parsed.named(file, texts)
            }
        })),
        Err(mut diagnostics) => {
            texts.locate(&mut diagnostics.0);
            Err(diagnostics)
        }
    }
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
