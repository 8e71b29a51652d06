//! Finds the documents of a directory, reads them and applies their corrections.
//!
//! `gateway/wan.json` is a document; `gateway/wan.bugs.patch.json` corrects what
//! is wrong in it, `gateway/wan.prose.patch.json` adds what its prose says and
//! its schema doesn't. A file whose name starts with `_` or that isn't JSON is
//! left alone.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::correct::{self, Correction};
use crate::problem::{Problem, Problems};

/// The endings of correction files, in the order they are applied: first what
/// is wrong in the document, then what only its prose says.
pub const CORRECTION_ENDINGS: [&str; 2] = [".bugs.patch.json", ".prose.patch.json"];

/// A document, corrected.
#[derive(Clone, Debug)]
pub struct Document {
    /// The folders between the root and the file: the API, and the Rust modules.
    pub folders: Vec<String>,
    /// The file's name without `.json`: the document's name, and its Rust module.
    pub name: String,
    /// The file, below the root, with `/` between its parts.
    pub file: String,
    /// The corrected document.
    pub json: Value,
    /// Whether it was read from a page of one operation.
    pub is_page: bool,
}

/// The documents below a directory, and every path that a change to one shows at.
#[derive(Debug, Default)]
pub struct Sources {
    /// The documents, sorted by file.
    pub documents: Vec<Document>,
    /// The directories and files that were read.
    pub watched: Vec<PathBuf>,
}

/// Reads every document below `root` and corrects it.
///
/// Beside them come the problems: every file that can't be read, isn't JSON or
/// whose corrections don't apply. Such a document is left out.
#[must_use]
pub fn read(root: &Path) -> (Sources, Problems) {
    let mut problems = Problems::default();
    let mut sources = Sources::default();
    let mut files = BTreeMap::new();
    let mut pending = vec![root.to_path_buf()];
    while let Some(directory) = pending.pop() {
        sources.watched.push(directory.clone());
        match list(&directory) {
            Ok(entries) => {
                for path in entries {
                    if path.is_dir() {
                        pending.push(path);
                    } else if path.extension().is_some_and(|ending| ending == "json") {
                        files.insert(relative(root, &path), path);
                    }
                }
            }
            Err(error) => problems.0.push(unreadable(&display(&directory), &error)),
        }
    }
    for (file, path) in &files {
        sources.watched.push(path.clone());
        let is_correction = CORRECTION_ENDINGS.iter().any(|end| file.ends_with(end));
        if is_correction {
            problems.0.extend(orphan(file, &files));
            continue;
        }
        match document(file, path, &files) {
            Ok(document) => sources.documents.push(document),
            Err(found) => problems.0.extend(found.0),
        }
    }
    (sources, problems)
}

/// Reads the one document at `path`, with the corrections beside it.
///
/// # Errors
///
/// What can't be read, isn't JSON or doesn't apply.
pub fn read_file(path: &Path) -> Result<Document, Problems> {
    let file = display(path);
    let stem = file.strip_suffix(".json").unwrap_or(&file);
    let beside = CORRECTION_ENDINGS.map(|ending| format!("{stem}{ending}"));
    let files = beside
        .into_iter()
        .map(|file| (file.clone(), PathBuf::from(file)))
        .filter(|(_, path)| path.is_file())
        .collect();
    let mut document = document(&file, path, &files)?;
    document.folders.clear();
    Ok(document)
}

fn document(
    file: &str,
    path: &Path,
    files: &BTreeMap<String, PathBuf>,
) -> Result<Document, Problems> {
    let stem = file.strip_suffix(".json").unwrap_or(file);
    let mut json = parse(file, path)?;
    for ending in CORRECTION_ENDINGS {
        let correction_file = format!("{stem}{ending}");
        if let Some(path) = files.get(&correction_file) {
            let correction = Correction {
                json: parse(&correction_file, path)?,
                file: correction_file,
            };
            correct::apply(&mut json, file, &correction)?;
        }
    }
    let mut folders: Vec<String> = stem.split('/').map(str::to_owned).collect();
    let name = folders.pop().unwrap_or_default();
    Ok(Document {
        folders,
        name,
        file: file.to_owned(),
        json,
        is_page: false,
    })
}

fn parse(file: &str, path: &Path) -> Result<Value, Problem> {
    let text = fs::read_to_string(path).map_err(|error| unreadable(file, &error))?;
    serde_json::from_str(&text).map_err(|error| Problem {
        file: file.to_owned(),
        pointer: String::new(),
        keyword: None,
        message: format!("not JSON: {error}"),
        remedy: "mend the file, or give it another ending if it isn't a document".into(),
    })
}

fn orphan(file: &str, files: &BTreeMap<String, PathBuf>) -> Option<Problem> {
    let stem = CORRECTION_ENDINGS
        .iter()
        .find_map(|end| file.strip_suffix(end))?;
    let document = format!("{stem}.json");
    (!files.contains_key(&document)).then(|| Problem {
        file: file.to_owned(),
        pointer: String::new(),
        keyword: None,
        message: format!("corrects {document}, which is not there"),
        remedy: "rename or delete the correction".into(),
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

fn unreadable(file: &str, error: &std::io::Error) -> Problem {
    Problem {
        file: file.to_owned(),
        pointer: String::new(),
        keyword: None,
        message: format!("cannot be read: {error}"),
        remedy: "check the path and its permissions".into(),
    }
}
