//! `inkstone schema import`: puts documents where a build finds them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use apifox_document::text::page::{self, Endpoint};
use apifox_document::text::{Text, Written};
use apifox_document::{Diagnostic, Diagnostics, Severity, sources};

use crate::args::schema::ImportArgs;
use crate::console;
use crate::error::{CliError, Code};
use crate::input;
use crate::output::files;

/// Characters that have a special meaning in some file system.
const SPECIAL: [char; 9] = ['/', '\\', ':', '*', '?', '"', '<', '>', '|'];

pub fn run(args: &ImportArgs) -> Result<(), CliError> {
    let documents = read_all(&args.files)?;
    let into = &args.into;
    let unwritable = |path: &Path, error: std::io::Error| {
        CliError::usage(format!("{} can't be written: {error}", path.display()))
    };
    files::prepare(into).map_err(|error| unwritable(into, error))?;
    for (file, document) in documents {
        let path = into.join(file);
        let there = std::fs::read(&path);
        let what = if there.is_ok_and(|bytes| bytes == document.text.as_bytes()) {
            "unchanged"
        } else {
            files::replace(&path, document.text.as_bytes())
                .map_err(|error| unwritable(&path, error))?;
            "imported"
        };
        console::line(&format!("{what} {} → {}", document.from, path.display()))?;
    }
    Ok(())
}

/// A document to be written, and the file that it comes from.
struct Document {
    from: String,
    text: String,
}

/// The documents by file name, and what is wrong with the others.
#[derive(Default)]
struct Documents {
    documents: BTreeMap<String, Document>,
    errors: Vec<String>,
}

impl Documents {
    fn add(&mut self, from: String, file: String, text: String) {
        // Some file systems don't tell upper case from lower case.
        let name = file.to_lowercase();
        let mut known = self.documents.iter();
        match known.find(|(known, _)| known.to_lowercase() == name) {
            Some((_, other)) => {
                let other = &other.from;
                self.errors
                    .push(format!("{from}: {file} would also be made from {other}"));
            }
            None => {
                self.documents.insert(file, Document { from, text });
            }
        }
    }
}

/// All documents by file name; or everything that is wrong.
fn read_all(files: &[PathBuf]) -> Result<BTreeMap<String, Document>, CliError> {
    let mut all = Documents::default();
    let mut code = Code::Invalid;
    for file in files {
        let from = input::name(file);
        let bytes = input::bytes(file).map_err(|error| {
            code = error.code;
            error.message
        });
        match bytes.and_then(|bytes| document(&from, &bytes)) {
            Ok((file, text)) => all.add(from, file, text),
            Err(error) => all.errors.push(error),
        }
    }
    match all.errors.is_empty() {
        true => Ok(all.documents),
        false => Err(CliError::new(code, "nothing was imported")
            .details(all.errors)
            .hint("correct these files or leave them out, and import again")),
    }
}

/// The name and the text of a document's file: a page is converted, anything else is
/// copied.
fn document(name: &str, bytes: &[u8]) -> Result<(String, String), String> {
    let text = std::str::from_utf8(bytes).map_err(|error| format!("{name}: not UTF-8: {error}"))?;
    match sources::ending(name, text) {
        "txt" => convert_page(name, text),
        ending => copy(name, text, ending),
    }
}

fn convert_page(page: &str, text: &str) -> Result<(String, String), String> {
    let Endpoint { name, json, faults } =
        page::read(page, text).map_err(|error| error.to_string())?;
    let text = Text::new(text, Written::Page);
    for fault in &faults {
        let diagnostic = sources::page_diagnostic(fault, &text);
        console::problems(&[diagnostic], Severity::Warning);
    }
    let file = file_name(&name, "json").ok_or_else(|| {
        format!("{page}:1:1: the title {name:?} can't be a file name: change the page's first line")
    })?;
    Ok((file, json))
}

fn copy(name: &str, text: &str, ending: &str) -> Result<(String, String), String> {
    let lines = |problems: Diagnostics| {
        let lines: Vec<String> = problems.0.iter().map(Diagnostic::line).collect();
        lines.join("\n")
    };
    let document = sources::read_text(name, text).map_err(lines)?;
    document.operations().map_err(lines)?;
    console::problems(&document.faults, Severity::Warning);
    let stem = Path::new(&document.name).file_name().unwrap_or_default();
    let file = file_name(&stem.to_string_lossy(), ending)
        .ok_or_else(|| format!("{name}: a document can't have this name: rename the file"))?;
    Ok((file, text.to_owned()))
}

/// The file of a document; `None` for a name that a build would ignore or mistake for
/// a correction.
fn file_name(name: &str, ending: &str) -> Option<String> {
    let safe = |c: char| {
        if c.is_control() || SPECIAL.contains(&c) {
            '-'
        } else {
            c
        }
    };
    let stem: String = name.trim().chars().map(safe).collect();
    let is_hidden = stem.is_empty() || stem.starts_with(['.', '_']);
    (!is_hidden && !stem.ends_with(".patch")).then(|| format!("{stem}.{ending}"))
}

#[cfg(test)]
mod tests {
    use super::file_name;

    #[test]
    fn a_name_becomes_safe_for_a_file_or_is_refused() {
        let cases = [
            ("qwen-image-max", Some("qwen-image-max.json")),
            ("a/b\\c\td", Some("a-b-c-d.json")),
            ("千问 图像", Some("千问 图像.json")),
            ("../x", None),
            ("..", None),
            ("", None),
            ("_x", None),
            (".x", None),
            ("x.bugs.patch", None),
        ];
        for (name, expected) in cases {
            assert_eq!(file_name(name, "json").as_deref(), expected, "{name}");
        }
    }
}
