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
//! and so are Markdown without such a fence and text that is no page.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::correct::{self, Correction};
use crate::fence;
use crate::form;
use crate::locate::{Location, Text, Texts, Written};
use crate::page;
use crate::problem::{Problem, Problems};
use crate::yaml;

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
    /// What of the file is not whole, and was left out.
    pub faults: Vec<Problem>,
    /// The texts that it and its corrections were read from.
    pub(crate) texts: Texts,
}

impl Document {
    /// A document that was read elsewhere.
    pub(crate) fn of_json(file: &str, json: Value) -> Self {
        let parsed = Parsed {
            json,
            is_page: false,
            faults: Vec::new(),
        };
        parsed.named(file, Texts::default())
    }

    /// How many operations it describes; none for the body of an API's errors.
    ///
    /// # Errors
    ///
    /// That it is of none of the forms that Apifox gives documents out in.
    pub fn operations(&self) -> Result<usize, Problems> {
        let is_error_body = self.json.get("jsonSchema").is_some();
        if !form::is_document(&self.json) && !is_error_body {
            return Err(no_document(&self.file).into());
        }
        let api = form::read(self, false).map_err(|it| it.at(&self.texts))?;
        Ok(api.operations.len())
    }

    /// Corrects the document by the operations of a correction, which `file` names
    /// in errors.
    ///
    /// # Errors
    ///
    /// That the correction breaks the rules of corrections, or can't be applied; the
    /// document is half corrected then, and must not be used.
    pub fn correct(&mut self, file: &str, operations: Value) -> Result<(), Problems> {
        let correction = Correction {
            file: file.to_owned(),
            json: operations,
        };
        correct::apply(&mut self.json, &self.file, &correction)
    }
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
                    } else if written(&path).is_some() {
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
            Ok(document) => sources.documents.extend(document),
            Err(found) => problems.0.extend(found.0),
        }
    }
    (sources, problems)
}

/// Reads the one document at `path`, with the corrections beside it.
///
/// # Errors
///
/// What can't be read, holds no document, or has corrections that don't apply.
pub fn read_file(path: &Path) -> Result<Document, Problems> {
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

/// Reads a document from its text; `file` names it, and its ending says how it
/// is written. Without one that is known, the text itself does.
///
/// # Errors
///
/// That the text holds no document.
pub fn read_text(file: &str, text: &str) -> Result<Document, Problems> {
    let written = written(Path::new(file)).unwrap_or_else(|| looks_written(text));
    let text = Text::new(text, written);
    match parse(file, &text)? {
        Some(parsed) => {
            let mut texts = Texts::default();
            texts.insert(file, text);
            Ok(parsed.named(file, texts))
        }
        None => Err(no_document(file).into()),
    }
}

/// The ending of the name that a file with this text should have; `file` is how it is
/// called now.
#[must_use]
pub fn ending(file: &str, text: &str) -> &'static str {
    match written(Path::new(file)).unwrap_or_else(|| looks_written(text)) {
        Written::Json if looks_like_json(text) => "json",
        Written::Yaml => "yaml",
        Written::Markdown => "md",
        Written::Json | Written::Page => "txt",
    }
}

fn looks_like_json(text: &str) -> bool {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    text.starts_with(['{', '['])
}

fn written(path: &Path) -> Option<Written> {
    let ending = path.extension()?.to_str()?.to_ascii_lowercase();
    Some(match ending.as_str() {
        "json" => Written::Json,
        "yaml" | "yml" => Written::Yaml,
        "md" | "markdown" => Written::Markdown,
        "txt" => Written::Page,
        _ => return None,
    })
}

/// How a text without a name looks to be written.
fn looks_written(text: &str) -> Written {
    let is_yaml = |line: &str| line.starts_with("openapi:") || line.starts_with("swagger:");
    match text {
        text if looks_like_json(text) => Written::Json,
        text if fence::find(text).is_some() => Written::Markdown,
        text if text.lines().any(is_yaml) => Written::Yaml,
        text if page::read("", text).is_ok() => Written::Page,
        _ => Written::Json,
    }
}

/// A document as its text has it.
struct Parsed {
    json: Value,
    is_page: bool,
    faults: Vec<Problem>,
}

impl Parsed {
    fn named(self, file: &str, texts: Texts) -> Document {
        let mut folders: Vec<String> = stem(file).split('/').map(str::to_owned).collect();
        let name = folders.pop().unwrap_or_default();
        Document {
            folders,
            name,
            file: file.to_owned(),
            json: self.json,
            is_page: self.is_page,
            faults: self.faults,
            texts,
        }
    }
}

/// The file without its ending.
pub(crate) fn stem(file: &str) -> &str {
    match file.rsplit_once('.') {
        Some((stem, _)) if written(Path::new(file)).is_some() => stem,
        _ => file,
    }
}

fn document(
    file: &str,
    path: &Path,
    files: &BTreeMap<String, PathBuf>,
) -> Result<Option<Document>, Problems> {
    let mut texts = Texts::default();
    let read = corrected(file, path, files, &mut texts);
    match read {
        Ok(parsed) => Ok(parsed.map(|it| it.named(file, texts))),
        Err(mut problems) => {
            texts.locate(&mut problems.0);
            Err(problems)
        }
    }
}

/// A document with its corrections applied; the texts are kept for what is to be
/// told about it.
fn corrected(
    file: &str,
    path: &Path,
    files: &BTreeMap<String, PathBuf>,
    texts: &mut Texts,
) -> Result<Option<Parsed>, Problems> {
    let text = fs::read_to_string(path).map_err(|error| unreadable(file, &error))?;
    let text = Text::new(&text, written(path).unwrap_or(Written::Json));
    let parsed = parse(file, &text);
    texts.insert(file, text);
    let Some(mut parsed) = parsed? else {
        return Ok(None);
    };
    for ending in CORRECTION_ENDINGS {
        let correction_file = format!("{}{ending}", stem(file));
        if let Some(path) = files.get(&correction_file) {
            let text =
                fs::read_to_string(path).map_err(|error| unreadable(&correction_file, &error))?;
            // A shell has made the file already that a suggestion is about to go to.
            if text.trim().is_empty() {
                continue;
            }
            let text = Text::new(&text, Written::Json);
            let read = json(&correction_file, &text);
            texts.insert(&correction_file, text);
            let correction = Correction {
                json: read?,
                file: correction_file,
            };
            correct::apply(&mut parsed.json, file, &correction)?;
        }
    }
    Ok(Some(parsed))
}

/// `None` for Markdown and text that hold no document.
fn parse(file: &str, text: &Text) -> Result<Option<Parsed>, Problems> {
    let whole = |json, is_page| {
        Some(Parsed {
            json,
            is_page,
            faults: Vec::new(),
        })
    };
    Ok(match text.written {
        Written::Json => whole(json(file, text)?, false),
        Written::Yaml => whole(yaml(file, text, &text.text, 0)?, false),
        Written::Markdown => markdown(file, text)?,
        Written::Page => match page::read(file, &text.text) {
            Ok(page) => Some(Parsed {
                json: json(file, &Text::new(&page.json, Written::Json))?,
                is_page: true,
                faults: page
                    .faults
                    .iter()
                    .map(|it| it.problem(&text.text))
                    .collect(),
            }),
            Err(_) => None,
        },
    })
}

/// The document in the first fence that holds one; those in others are left out.
fn markdown(file: &str, text: &Text) -> Result<Option<Parsed>, Problems> {
    let mut fences = fence::all(&text.text).into_iter();
    let Some(first) = fences.next() else {
        return Ok(None);
    };
    let left_out = |it: fence::Fence<'_>| Problem {
        file: file.to_owned(),
        location: Some(text.at(it.line, 1)),
        pointer: String::new(),
        keyword: None,
        message: "a page holds one document; what is in this fence is left out".into(),
        remedy: "give it a file of its own".into(),
    };
    Ok(Some(Parsed {
        json: yaml(file, text, first.text, first.line)?,
        is_page: true,
        faults: fences.map(left_out).collect(),
    }))
}

fn json(file: &str, text: &Text) -> Result<Value, Problems> {
    serde_json::from_str(&text.text).map_err(|error| {
        let told = error.to_string();
        let told = told.split(" at line ").next().unwrap_or_default();
        unparsable(
            file,
            format!("not JSON: {told}"),
            Some(text.at_bytes(error.line(), error.column())),
        )
    })
}

/// `yaml` is in `text`, after this many lines.
fn yaml(file: &str, text: &Text, yaml: &str, before: usize) -> Result<Value, Problems> {
    yaml::parse(yaml).map_err(|error| {
        let message = format!("cannot be read as YAML: {}", error.message);
        let location = text.at(before + error.line, error.column);
        unparsable(file, message, Some(location))
    })
}

fn unparsable(file: &str, message: String, location: Option<Location>) -> Problems {
    let problem = Problem {
        file: file.to_owned(),
        location,
        pointer: String::new(),
        keyword: None,
        message,
        remedy: "mend the file, or give it another ending if it isn't a document".into(),
    };
    problem.into()
}

fn no_document(file: &str) -> Problem {
    Problem {
        file: file.to_owned(),
        location: None,
        pointer: String::new(),
        keyword: None,
        message: "holds no document of Apifox".into(),
        remedy: "give a project export, OpenAPI 3.0 or 3.1 in JSON or YAML, a page in Markdown \
                 with OpenAPI in it, or the text of a published page"
            .into(),
    }
}

fn orphan(file: &str, files: &BTreeMap<String, PathBuf>) -> Option<Problem> {
    let stem = CORRECTION_ENDINGS
        .iter()
        .find_map(|end| file.strip_suffix(end))?;
    let document = format!("{stem}.json");
    let is_there = files.keys().any(|it| it != file && self::stem(it) == stem);
    (!is_there).then(|| Problem {
        file: file.to_owned(),
        location: None,
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
        location: None,
        pointer: String::new(),
        keyword: None,
        message: format!("cannot be read: {error}"),
        remedy: "check the path and its permissions".into(),
    }
}
