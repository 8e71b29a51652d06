//! `inkstone schema import`: documents, put where a build finds them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use apifox_build::Level;
use apifox_build::page::{self, Endpoint};

use crate::args::Import;
use crate::exit::{Code, Failure};
use crate::files;
use crate::input;
use crate::output;

/// The characters that some file system takes for something else.
const UNFIT: [char; 9] = ['/', '\\', ':', '*', '?', '"', '<', '>', '|'];

pub fn run(args: &Import) -> Result<(), Failure> {
    let documents = read_all(&args.pages)?;
    let into = &args.into;
    let unwritable = |path: &Path, error: std::io::Error| {
        Failure::usage(format!("{} can't be written: {error}", path.display()))
    };
    files::prepare(into).map_err(|error| unwritable(into, error))?;
    for (file, document) in documents {
        let path = into.join(file);
        let there = std::fs::read(&path);
        let what = if there.is_ok_and(|bytes| bytes == document.json.as_bytes()) {
            "unchanged"
        } else {
            files::replace(&path, document.json.as_bytes())
                .map_err(|error| unwritable(&path, error))?;
            "imported"
        };
        output::line(&format!("{what} {} → {}", document.page, path.display()))?;
    }
    Ok(())
}

struct Document {
    page: String,
    json: String,
}

/// The documents of all pages by the name of their file; or all that is wrong.
fn read_all(pages: &[PathBuf]) -> Result<BTreeMap<String, Document>, Failure> {
    let mut documents: BTreeMap<String, Document> = BTreeMap::new();
    let mut errors = Vec::new();
    let mut code = Code::Invalid;
    for page in pages {
        let name = page.display().to_string();
        let read = input::bytes(page).map_err(|failure| {
            code = failure.code;
            failure.message
        });
        match read.and_then(|bytes| document(&name, &bytes)) {
            Ok((file, json)) => {
                let same = documents
                    .keys()
                    .find(|it| it.to_lowercase() == file.to_lowercase());
                if let Some(other) = same.and_then(|same| documents.get(same)) {
                    errors.push(format!(
                        "{name}: {file} is made from {} as well",
                        other.page
                    ));
                    continue;
                }
                documents.insert(file, Document { page: name, json });
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

/// The document that a page holds, and the name of its file.
fn document(page: &str, bytes: &[u8]) -> Result<(String, String), String> {
    let text = std::str::from_utf8(bytes).map_err(|error| format!("{page}: not UTF-8: {error}"))?;
    let Endpoint { name, json, faults } =
        page::read(page, text).map_err(|error| error.to_string())?;
    for fault in faults {
        output::problems(&[fault.problem(text)], Level::Warning);
    }
    let file = file_name(&name).ok_or_else(|| {
        format!("{page}:1:1: the title {name:?} can't name a file: change the page's first line")
    })?;
    Ok((file, json))
}

/// The file of a document; `None` for a name that the build would overlook, or
/// take for something else.
fn file_name(name: &str) -> Option<String> {
    let fit = |c: char| {
        if c.is_control() || UNFIT.contains(&c) {
            '-'
        } else {
            c
        }
    };
    let stem: String = name.trim().chars().map(fit).collect();
    let is_hidden = stem.is_empty() || stem.starts_with(['.', '_']);
    (!is_hidden && !stem.ends_with(".patch")).then(|| format!("{stem}.json"))
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
            assert_eq!(file_name(name).as_deref(), expected, "{name}");
        }
    }
}
