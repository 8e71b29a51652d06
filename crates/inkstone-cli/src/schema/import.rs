//! `inkstone schema import`: documents, put where a build finds them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use apifox_document::text::page::{self, Endpoint};
use apifox_document::text::{Text, Written};
use apifox_document::{Diagnostic, Diagnostics, Severity, sources};

use crate::args::Import;
use crate::exit::{Code, Failure};
use crate::files;
use crate::input;
use crate::output;

/// The characters that some file system takes for something else.
const UNFIT: [char; 9] = ['/', '\\', ':', '*', '?', '"', '<', '>', '|'];

pub fn run(args: &Import) -> Result<(), Failure> {
    let documents = read_all(&args.files)?;
    let into = &args.into;
    let unwritable = |path: &Path, error: std::io::Error| {
        Failure::usage(format!("{} can't be written: {error}", path.display()))
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
        output::line(&format!("{what} {} → {}", document.from, path.display()))?;
    }
    Ok(())
}

struct Document {
    from: String,
    text: String,
}

/// All documents by the name of their file; or all that is wrong.
fn read_all(files: &[PathBuf]) -> Result<BTreeMap<String, Document>, Failure> {
    let mut documents: BTreeMap<String, Document> = BTreeMap::new();
    let mut errors = Vec::new();
    let mut code = Code::Invalid;
    for file in files {
        let name = input::name(file);
        let read = input::bytes(file).map_err(|failure| {
            code = failure.code;
            failure.message
        });
        match read.and_then(|bytes| document(&name, &bytes)) {
            Ok((file, text)) => {
                let same = documents
                    .keys()
                    .find(|it| it.to_lowercase() == file.to_lowercase());
                if let Some(other) = same.and_then(|same| documents.get(same)) {
                    errors.push(format!(
                        "{name}: {file} is made from {} as well",
                        other.from
                    ));
                    continue;
                }
                documents.insert(file, Document { from: name, text });
            }
            Err(error) => errors.push(error),
        }
    }
    match errors.is_empty() {
        true => Ok(documents),
        false => Err(Failure::new(code, "nothing was imported")
            .details(errors)
            .hint("mend or leave out what is wrong, and import again")),
    }
}

/// The document that a text holds, and the name of its file: that of a page is made
/// of it, any other stays as it is.
fn document(name: &str, bytes: &[u8]) -> Result<(String, String), String> {
    let text = std::str::from_utf8(bytes).map_err(|error| format!("{name}: not UTF-8: {error}"))?;
    match sources::ending(name, text) {
        "txt" => of_page(name, text),
        ending => as_it_is(name, text, ending),
    }
}

fn of_page(page: &str, text: &str) -> Result<(String, String), String> {
    let Endpoint { name, json, faults } =
        page::read(page, text).map_err(|error| error.to_string())?;
    let text = Text::new(text, Written::Page);
    for fault in &faults {
        output::problems(&[sources::page_diagnostic(fault, &text)], Severity::Warning);
    }
    let file = file_name(&name, "json").ok_or_else(|| {
        format!("{page}:1:1: the title {name:?} can't name a file: change the page's first line")
    })?;
    Ok((file, json))
}

fn as_it_is(name: &str, text: &str, ending: &str) -> Result<(String, String), String> {
    let told = |problems: Diagnostics| {
        let told: Vec<String> = problems.0.iter().map(Diagnostic::line).collect();
        told.join("\n")
    };
    let document = sources::read_text(name, text).map_err(told)?;
    document.operations().map_err(told)?;
    output::problems(&document.faults, Severity::Warning);
    let stem = Path::new(&document.name).file_name().unwrap_or_default();
    let file = file_name(&stem.to_string_lossy(), ending)
        .ok_or_else(|| format!("{name}: its name can't be that of a document: rename it"))?;
    Ok((file, text.to_owned()))
}

/// The file of a document; `None` for a name that the build would overlook, or
/// take for something else.
fn file_name(name: &str, ending: &str) -> Option<String> {
    let fit = |c: char| {
        if c.is_control() || UNFIT.contains(&c) {
            '-'
        } else {
            c
        }
    };
    let stem: String = name.trim().chars().map(fit).collect();
    let is_hidden = stem.is_empty() || stem.starts_with(['.', '_']);
    (!is_hidden && !stem.ends_with(".patch")).then(|| format!("{stem}.{ending}"))
}

#[cfg(test)]
mod tests {
    use super::file_name;

    #[test]
    fn a_name_is_made_fit_for_a_file_or_refused() {
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
