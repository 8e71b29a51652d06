//! Reads the files that a document refers to into it.
//!
//! A file becomes part of the document, as a member of `x-referenced-files`, and references
//! to the file lead there. Where each part comes from is kept with the texts, so that
//! diagnostics name the file.
//!
//! Only files below the directory of the document are read, and nothing from the network: a
//! document that comes from elsewhere must not pull other files of this machine into code.

mod maps;
mod path;

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use apifox_runtime::{Draft, References as Addresses};
use serde_json::{Map, Value, json};

use self::path::{COPY, Refusal, below_directory, directory, is_meta_schema};
use super::file::{self, LARGEST};
use crate::diagnostics::Diagnostic;
use crate::document::place_of_file;
use crate::parse::{Parsed, written};
use crate::pointer::{JsonPointerExt as _, JsonValueExt as _, REFERENCED_FILES, decoded, encoded};
use crate::references::{Reference, References};
use crate::text::{Origins, Texts};

/// A document, read from a file, whose references are to be followed.
pub(super) struct Main<'d> {
    /// What the file is called in diagnostics.
    pub file: &'d str,
    /// Where it is; `None` for a text that was not read from a file.
    pub path: Option<&'d Path>,
    /// How many bytes its text has.
    pub size: u64,
}

/// Reads what a document refers to into it; returns the files that were read for that.
pub(super) fn read_into(parsed: &mut Parsed, main: &Main<'_>, texts: &mut Texts) -> Vec<PathBuf> {
    let mut references = References::find(&parsed.json).references.into_iter();
    let is_elsewhere =
        |reference: Reference| reference.is_map || !reference.target.starts_with('#');
    if !parsed.json.is_object() || !references.any(is_elsewhere) {
        return Vec::new();
    }
    let part = Part {
        name: String::new(),
        file: main.file.to_owned(),
        json: std::mem::take(&mut parsed.json),
        found: References::default(),
        addresses: OnceCell::new(),
    };
    let mut reader = Reader::new(part, main, texts);
    reader.expand_maps();
    reader.follow_all();
    let Reader {
        parts,
        faults,
        files,
        ..
    } = reader;
    parsed.faults.extend(faults);
    let mut parts = parts.into_iter();
    parsed.json = parts.next().map(|part| part.json).unwrap_or_default();
    let mut origins = Origins::default();
    let parts: Map<String, Value> = parts
        .map(|part| {
            origins.insert(place_of_file(&part.name), Some(part.file), String::new());
            (part.name, part.json)
        })
        .collect();
    if !parts.is_empty() {
        parsed.json[REFERENCED_FILES] = parts.into();
        texts.add_origins(main.file, origins);
        shorten(&mut parsed.json);
    }
    files
}

/// How many references in a row are followed at once.
const FARTHEST: usize = 16;

/// Makes references to a component that merely refers to a file lead to the file: otherwise
/// one schema would be two.
fn shorten(json: &mut Value) {
    let in_files = format!("#{}", place_of_file(""));
    for reference in References::find(json).references {
        let mut target = reference.target;
        for _ in 0..FARTHEST {
            let pointer = target.strip_prefix('#').map(decoded);
            let there = pointer.and_then(|pointer| json.value_at(&pointer)?.as_object());
            let next = there.filter(|there| there.len() == 1);
            let next = next.and_then(|there| there.get("$ref")?.as_str());
            match next.filter(|next| next.starts_with(&in_files)) {
                Some(next) => target = next.to_owned(),
                None => break,
            }
        }
        if let Some(written) = json.pointer_mut(&reference.pointer) {
            *written = target.into();
        }
    }
}

/// A file of a document.
struct Part {
    /// Its path from the directory of the document; empty for the document itself.
    name: String,
    /// What it is called in diagnostics.
    file: String,
    json: Value,
    found: References,
    addresses: OnceCell<Addresses>,
}

struct Reader<'t> {
    /// The directory of the document, as diagnostics show it, with a slash at its end.
    shown_directory: String,
    /// The directory of the document; or why no reference is followed.
    directory: Result<PathBuf, Refusal>,
    texts: &'t mut Texts,
    /// The document, and the files that it refers to.
    parts: Vec<Part>,
    /// The parts by their paths without symbolic links; `None` for what can't be read.
    known: BTreeMap<PathBuf, Option<usize>>,
    /// How many bytes the texts of the parts have.
    size: u64,
    files: Vec<PathBuf>,
    faults: Vec<Diagnostic>,
}

impl<'t> Reader<'t> {
    fn new(part: Part, main: &Main<'_>, texts: &'t mut Texts) -> Self {
        let shown = main.file.rsplit_once('/').map(|(shown, _)| shown);
        let real_path = main.path.and_then(|path| fs::canonicalize(path).ok());
        Self {
            shown_directory: shown.map(|shown| format!("{shown}/")).unwrap_or_default(),
            directory: directory(&part.json, main.path),
            texts,
            parts: vec![part],
            known: real_path.map(|path| (path, Some(0))).into_iter().collect(),
            size: main.size,
            files: Vec::new(),
            faults: Vec::new(),
        }
    }

    /// Follows the references of every part, to parts that are read for that, and so on.
    fn follow_all(&mut self) {
        let mut at = 0;
        while let Some(part) = self.parts.get_mut(at) {
            for reference in std::mem::take(&mut part.found.references) {
                if reference.is_map && self.expand_schemas(at, &reference) {
                    continue;
                }
                match self.followed(at, &reference) {
                    Ok(None) => {}
                    Ok(Some(target)) => {
                        let json = self.parts.get_mut(at).map(|part| &mut part.json);
                        let written = json.and_then(|json| json.pointer_mut(&reference.pointer));
                        if let Some(written) = written {
                            *written = target.into();
                        }
                    }
                    Err((message, help)) => self.refuse(at, &reference, message, help),
                }
            }
            at += 1;
        }
    }

    fn refuse(&mut self, at: usize, reference: &Reference, message: String, help: &str) {
        let Some(part) = self.parts.get(at) else {
            return;
        };
        let (around, keyword) = reference.pointer.rsplit_once('/').unwrap_or_default();
        let message = format!("{} {message}", reference.target);
        let fault = Diagnostic::new(&part.file, around, message, help);
        self.faults.push(fault.with_keyword(keyword));
    }

    /// What a reference of a part becomes; `None` where it stays as it is.
    fn followed(&mut self, at: usize, reference: &Reference) -> Result<Option<String>, Refusal> {
        let target = reference.target.as_str();
        let (path, fragment) = target.split_once('#').unwrap_or((target, ""));
        let is_name = reference.is_mapping && written(Path::new(path)).is_none();
        let to = match path {
            "" if at == 0 && !self.is_anchor(fragment) => return Ok(None),
            "" if is_name && fragment.is_empty() => return Ok(None),
            "" => at,
            _ if self.is_own(at, path) => at,
            _ if is_name || is_meta_schema(path) || self.has_id(at, path) => return Ok(None),
            _ => self.part(at, path)?,
        };
        let Some(part) = self.parts.get(to) else {
            return Ok(None);
        };
        let place = match to {
            0 => String::new(),
            _ => place_of_file(&part.name),
        };
        if let Some(pointer) = part.fragment(fragment) {
            return Ok(Some(format!("#{}{pointer}", encoded(&place))));
        }
        let message = format!("does not resolve: {} has no such place", part.file);
        let is_pointer = fragment.starts_with('/');
        let help = match part.json.value_at(&decoded(&format!("/{fragment}"))) {
            Some(_) if !is_pointer => "write a slash after the `#`: without one it is an `$anchor`",
            _ if to != at => "correct the reference, or the file",
            _ => "a reference without a path leads into its own file: write the path before `#`",
        };
        if to != at {
            return Err((message, help));
        }
        self.refuse(at, reference, message, help);
        // It must not be taken for a place in the document.
        let step = if is_pointer { "" } else { "/#" };
        Ok(Some(format!("#{}{step}{fragment}", encoded(&place))))
    }

    /// Whether a fragment is an anchor of the document, which a file may have too: schemas with
    /// an `$id` have anchors of their own.
    fn is_anchor(&self, fragment: &str) -> bool {
        self.parts.first().is_some_and(|main| {
            let is_name = !fragment.is_empty() && !fragment.starts_with('/');
            is_name && main.found.ids.is_empty() && main.fragment(fragment).is_some()
        })
    }

    /// Whether the part calls itself this, by its `$self`.
    fn is_own(&self, at: usize, path: &str) -> bool {
        let part = self.parts.get(at).filter(|part| part.address().is_some());
        let target = part.and_then(|part| part.addresses().target("", path));
        target.is_some_and(|target| target.is_empty())
    }

    /// Whether a schema of the part has this id, so that the reference is to it. Which schema is
    /// meant is known where schemas are read.
    fn has_id(&self, at: usize, path: &str) -> bool {
        self.parts.get(at).is_some_and(|part| {
            let addresses = part.addresses();
            let ids = (0..part.found.ids.len()).map(|id| "/$defs".child(id));
            let mut from = ids.chain([String::new()]);
            let is_schema = |target: String| !target.is_empty();
            from.any(|from| addresses.target(&from, path).is_some_and(is_schema))
        })
    }

    /// The part that `path` leads to from another part; it is read if it is not known.
    fn part(&mut self, from: usize, path: &str) -> Result<usize, Refusal> {
        let from = self.parts.get(from).map(|part| part.name.as_str());
        let name = below_directory(from.unwrap_or_default(), path)?;
        let directory = self.directory.clone()?;
        let path = directory.join(&name);
        let real_path = fs::canonicalize(&path).map_err(|error| {
            self.files.push(path.clone());
            (format!("cannot be read: {error}"), "check the path")
        })?;
        let is_below = |directory: PathBuf| real_path.starts_with(directory);
        if !fs::canonicalize(directory).is_ok_and(is_below) {
            let message = "is not read: a symbolic link leads out of the document's directory";
            return Err((message.to_owned(), COPY));
        }
        if let Some(known) = self.known.get(&real_path) {
            return known.ok_or_else(unreadable);
        }
        let part = self.read(name, &path);
        let known = part.as_ref().ok().map(|_| self.parts.len());
        self.known.insert(real_path, known);
        self.parts.push(part?);
        Ok(self.parts.len() - 1)
    }

    fn read(&mut self, name: String, path: &Path) -> Result<Part, Refusal> {
        let file = format!("{}{name}", self.shown_directory);
        self.files.push(path.to_owned());
        let read = file::read(&file, path, self.texts).map_err(|found| {
            self.faults.extend(found.0);
            unreadable()
        })?;
        self.files.extend(read.corrections);
        self.size += read.size;
        if self.size > LARGEST {
            let message = format!(
                "is not read: the document and its files are larger than {} MiB",
                LARGEST >> 20
            );
            return Err((message, "split the document into several documents"));
        }
        let parsed = read.parsed.filter(|parsed| !parsed.is_page);
        let parsed = parsed.ok_or_else(|| {
            let message = "is not read: it is neither JSON nor YAML";
            (message.to_owned(), "refer to a file of JSON or YAML")
        })?;
        self.faults.extend(parsed.faults);
        Ok(Part {
            name,
            file,
            found: References::find(&parsed.json),
            json: parsed.json,
            addresses: OnceCell::new(),
        })
    }
}

impl Part {
    /// The address that it gives itself.
    fn address(&self) -> Option<&str> {
        self.json.get("$self").and_then(Value::as_str)
    }

    /// Its address, and in `$defs` those of its schemas, by which references find them as the
    /// rules of JSON Schema have it.
    fn addresses(&self) -> &Addresses {
        self.addresses.get_or_init(|| {
            let ids = self.found.ids.iter().enumerate();
            let ids = ids.map(|(at, id)| (at.to_string(), json!({"$id": id})));
            let mut all = json!({"$defs": ids.collect::<Map<String, Value>>()});
            if let Some(own) = self.address() {
                all["$id"] = own.into();
            }
            Addresses::new(&all, Draft::Latest)
        })
    }

    /// The fragment of a reference to this part as a pointer, still encoded; `None` if there
    /// is nothing.
    fn fragment(&self, fragment: &str) -> Option<String> {
        if fragment.is_empty() || fragment.starts_with('/') {
            let there = self.json.value_at(&decoded(fragment));
            return there.map(|_| fragment.to_owned());
        }
        // Where a name is given twice, the last one is meant.
        let mut anchors = self.found.anchors.iter().rev();
        let (_, pointer) = anchors.find(|(anchor, _)| anchor == fragment)?;
        Some(encoded(pointer))
    }
}

fn unreadable() -> Refusal {
    let message = "is not read: something is wrong with the file";
    (message.to_owned(), "correct the file")
}
