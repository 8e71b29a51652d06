//! `inkstone schema import`: puts documents where a build finds them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use apifox_document::text::fence::Fence;
use apifox_document::text::page::{self, Endpoint};
use apifox_document::text::{Text, Written, unfenced};
use apifox_document::{Diagnostic, Diagnostics, Omission, Severity, sources};
use apifox_review::draft::draft;
use apifox_review::{Effect, Role};
use tr::tr;

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
    files::prepare(into).map_err(|error| files::unwritable(into, &error))?;
    let verdicts = Verdicts::new(&documents, into);
    for (file, document) in documents {
        let path = into.join(&file);
        let directory = path.parent().unwrap_or(into);
        std::fs::create_dir_all(directory).map_err(|error| files::unwritable(directory, &error))?;
        let there = std::fs::read(&path);
        let what = match &there {
            Ok(bytes) if bytes == document.text.as_bytes() => "unchanged",
            Ok(_) => "replaced",
            Err(_) => "imported",
        };
        if what != "unchanged" {
            files::rewrite(&path, document.text.as_bytes())
                .map_err(|error| files::unwritable(&path, &error))?;
        }
        let said = match what {
            "unchanged" => tr!("unchanged"),
            "replaced" => tr!("replaced"),
            _ => tr!("imported"),
        };
        console::line(&format!("{said} {} → {}", document.from, path.display()))?;
        if what == "replaced" {
            console::warning(&verdicts.replaced(&file, &path));
        }
    }
    Ok(())
}

/// What the documents were and what they become, to be compared.
struct Verdicts {
    /// A directory with both; none where it can't be made, which is no reason to fail.
    both: Option<tempfile::TempDir>,
}

impl Verdicts {
    fn new(documents: &BTreeMap<String, Document>, into: &Path) -> Self {
        let both = tempfile::tempdir().ok();
        let copy = |directory: &Path| {
            for (file, document) in documents {
                let texts = [
                    ("old", std::fs::read(into.join(file)).ok()),
                    ("new", Some(document.text.clone().into_bytes())),
                ];
                for (name, text) in texts {
                    let path = directory.join(name).join(file);
                    // What can't be copied is not compared.
                    let _ = path.parent().map(std::fs::create_dir_all);
                    let _ = text.map(|text| std::fs::write(&path, text));
                }
            }
        };
        both.iter().for_each(|both| copy(both.path()));
        Self { both }
    }

    /// That a document was replaced by a different one, and what that means for callers.
    fn replaced(&self, file: &str, path: &Path) -> String {
        let path = path.display();
        let both = self.both.as_ref();
        let found = both.and_then(|both| {
            let [old, new] = ["old", "new"].map(|name| both.path().join(name).join(file));
            apifox_review::diff_files(&old, &new, Role::Both).ok()
        });
        let Some(found) = found else {
            return tr!(
                "{path} was a different document, which can't be compared with this",
                path
            );
        };
        let [breaking, additive] =
            [Effect::Breaking, Effect::Additive].map(|effect| found.count(effect));
        let verdict = found.verdict();
        tr!(
            "{path} was a different document: {breaking} breaking and {additive} additive changes ({verdict})",
            path,
            breaking,
            additive,
            verdict
        )
    }
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
    fn add(&mut self, file: String, document: Document) {
        // Some file systems don't tell upper case from lower case.
        let name = file.to_lowercase();
        let mut known = self.documents.iter();
        match known.find(|(known, _)| known.to_lowercase() == name) {
            // Documents may share a file that they refer to.
            Some((_, other)) if other.from == document.from => {}
            Some((_, other)) => {
                let (from, other) = (&document.from, &other.from);
                self.errors.push(tr!(
                    "{from}: {file} would also be made from {other}",
                    from,
                    file,
                    other
                ));
            }
            None => {
                self.documents.insert(file, document);
            }
        }
    }
}

/// All documents by file name; or everything that is wrong.
fn read_all(files: &[PathBuf]) -> Result<BTreeMap<String, Document>, CliError> {
    let mut all = Documents::default();
    let mut code = Code::Invalid;
    for file in files {
        let bytes = input::bytes(file).map_err(|error| {
            code = error.code;
            error.message
        });
        match bytes.and_then(|bytes| document(file, &bytes)) {
            Ok(read) => {
                let read = read.into_iter();
                read.for_each(|(file, document)| all.add(file, document));
            }
            Err(error) => all.errors.push(error),
        }
    }
    match all.errors.is_empty() {
        true => Ok(all.documents),
        false => Err(CliError::new(code, tr!("nothing was imported"))
            .details(all.errors)
            .hint(tr!(
                "correct these files or leave them out, and import again"
            ))),
    }
}

/// A document that was read, and the files that it refers to, each with its path from the document.
type Read = Vec<(String, Document)>;

/// Reads a document: a page is converted, anything else is copied.
fn document(path: &Path, bytes: &[u8]) -> Result<Read, String> {
    let name = input::name(path);
    let text = std::str::from_utf8(bytes)
        .map_err(|error| tr!("{name}: not UTF-8: {error}", name, error))?;
    match sources::ending(&name, text) {
        "txt" => convert_page(&name, text).map_err(|error| or_draft(&name, text, error)),
        "md" => copy(path, text, "md").map_err(|error| or_draft(&name, text, error)),
        ending => copy(path, text, ending),
    }
}

/// Why a page can't be read, and that a document can be made of it where it is one of prose.
fn or_draft(page: &str, text: &str, error: String) -> String {
    let is_prose = sources::read_text(page, text).is_err() && draft(page, text).is_ok();
    match is_prose {
        true => tr!(
            "{error}; `inkstone schema draft {page}` makes a first document of its prose",
            error,
            page
        ),
        false => error,
    }
}

fn convert_page(page: &str, text: &str) -> Result<Read, String> {
    if let Some(found) = unfenced::find(text) {
        return copy_from_page(page, text, &found);
    }
    let read = page::read(page, text).map_err(|error| error.to_string())?;
    let Endpoint {
        name,
        json,
        faults,
        lost,
    } = read;
    let text = Text::new(text, Written::Page);
    let faults = lost.iter().chain(&faults);
    let faults = faults.map(|fault| sources::page_diagnostic(fault, &text));
    whole(faults.collect())?;
    let file = file_name(&name, "json").ok_or_else(|| {
        let name = format!("{name:?}");
        tr!(
            "{page}:1:1: the title {name} can't be a file name: change the page's first line",
            page,
            name
        )
    })?;
    let from = page.to_owned();
    Ok(vec![(file, Document { from, text: json })])
}

/// Copies OpenAPI out of the page that it was rendered in.
fn copy_from_page(page: &str, text: &str, found: &Fence<'_>) -> Result<Read, String> {
    let failed = |problems: Diagnostics| lines(&problems.0);
    let document = sources::read_text(page, text).map_err(failed)?;
    let operations = document.operations().map_err(failed)?;
    whole(faults(&document))?;
    if operations == 0 {
        return Err(tr!("{page}: has no operations", page));
    }
    let ending = if found.text.starts_with('{') {
        "json"
    } else {
        "yaml"
    };
    let file = own_file_name(page, &document.name, ending)?;
    let text = format!("{}\n", found.text.trim_end());
    let from = page.to_owned();
    Ok(vec![(file, Document { from, text })])
}

fn copy(path: &Path, text: &str, ending: &str) -> Result<Read, String> {
    let name = input::name(path);
    let failed = |problems: Diagnostics| lines(&problems.0);
    let document = match input::is_stdin(path) {
        true => sources::read_text(&name, text),
        false => sources::read_text_of(path, text),
    };
    let document = document.map_err(failed)?;
    document.operations().map_err(failed)?;
    whole(faults(&document))?;
    let mut parts = parts(path, &document.files)?;
    let mut file = own_file_name(&name, &document.name, ending)?;
    // Its parts may refer to it.
    if let Some(own) = path.file_name().filter(|_| !parts.is_empty()) {
        file = own.to_string_lossy().into_owned();
    }
    let text = text.to_owned();
    parts.insert(0, (file, Document { from: name, text }));
    Ok(parts)
}

/// What is wrong in the text of a document, with its places.
fn faults(document: &apifox_document::Document) -> Vec<Diagnostic> {
    Diagnostics(document.faults.clone()).at(&document.texts).0
}

/// Warns of what is wrong with a document that is whole.
///
/// # Errors
///
/// What of it is lost: what it would replace may have that still.
fn whole(faults: Vec<Diagnostic>) -> Result<(), String> {
    let is_lost = |fault: &&Diagnostic| fault.omission == Some(Omission::Part);
    let lost: Vec<Diagnostic> = faults.iter().filter(is_lost).cloned().collect();
    if !lost.is_empty() {
        return Err(lines(&lost));
    }
    console::problems(&faults, Severity::Warning);
    Ok(())
}

/// What is wrong with a document, line by line.
fn lines(problems: &[Diagnostic]) -> String {
    let lines: Vec<String> = problems.iter().map(Diagnostic::line).collect();
    lines.join("\n")
}

/// The file of a document that is copied from the file `name`.
fn own_file_name(name: &str, document: &str, ending: &str) -> Result<String, String> {
    let stem = Path::new(document).file_name().unwrap_or_default();
    file_name(&stem.to_string_lossy(), ending).ok_or_else(|| {
        tr!(
            "{name}: a document can't have this name: rename the file",
            name
        )
    })
}

/// The files that the document at `path` refers to; corrections beside them are imported as
/// little as those beside a document.
fn parts(path: &Path, files: &[PathBuf]) -> Result<Read, String> {
    let directory = path.parent().unwrap_or(Path::new(""));
    let is_correction = |file: &Path| {
        let mut endings = sources::CORRECTION_ENDINGS.iter();
        endings.any(|ending| file.to_string_lossy().ends_with(ending))
    };
    let files = files
        .iter()
        .filter(|file| file.is_file() && !is_correction(file));
    let part = |file: &PathBuf| {
        let text = input::text(file).map_err(|error| error.message)?;
        let from = input::name(file);
        let name = file.strip_prefix(directory).unwrap_or(file);
        let name = name.strip_prefix(".").unwrap_or(name);
        Ok((name.to_string_lossy().into_owned(), Document { from, text }))
    };
    files.map(part).collect()
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
