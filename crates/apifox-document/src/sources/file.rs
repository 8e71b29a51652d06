//! Reads one file, and the corrections beside it.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use crate::corrections::{self, CORRECTION_ENDINGS, Correction};
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::parse::{self, Parsed, looks_written, parse, stem, written};
use crate::text::{Text, Texts, Written};

/// How large a file may be, in bytes; and all files of a document together.
pub(super) const LARGEST: u64 = 64 << 20;

/// A file that was read; the texts are kept to locate diagnostics.
pub(super) struct ReadFile {
    /// `None` for Markdown and text that hold no document.
    pub parsed: Option<Parsed>,
    /// How many bytes its text has.
    pub size: u64,
    /// The corrections that were read.
    pub corrections: Vec<PathBuf>,
}

/// Reads the file at `path`, which is called `file` in diagnostics, and corrects it.
pub(super) fn read(file: &str, path: &Path, texts: &mut Texts) -> Result<ReadFile, Diagnostics> {
    let text = text(file, path)?;
    let size = text.len() as u64;
    let how = written(path).unwrap_or_else(|| looks_written(&text));
    let mut text = Text::new(&text, how);
    let parsed = parse(file, &mut text);
    texts.insert(file, text);
    let mut read = ReadFile {
        parsed: parsed?,
        size,
        corrections: Vec::new(),
    };
    let Some(parsed) = &mut read.parsed else {
        return Ok(read);
    };
    for ending in CORRECTION_ENDINGS {
        let correction_file = format!("{}{ending}", stem(file));
        let name = correction_file.rsplit('/').next().unwrap_or_default();
        let path = path.with_file_name(name);
        if !path.is_file() {
            continue;
        }
        if let Some(correction) = read_correction(correction_file, &path, texts)? {
            corrections::apply(&mut parsed.json, file, &correction)?;
            parsed.faults.extend(correction.faults);
        }
        read.corrections.push(path);
    }
    Ok(read)
}

/// Reads a correction; `None` for an empty file, which a shell creates before it runs the
/// command whose output is redirected into it.
fn read_correction(
    file: String,
    path: &Path,
    texts: &mut Texts,
) -> Result<Option<Correction>, Diagnostics> {
    let text = text(&file, path)?;
    if text.trim().is_empty() {
        return Ok(None);
    }
    let mut text = Text::new(&text, Written::Json);
    let parsed = parse::json(&file, &mut text);
    texts.insert(&file, text);
    let Parsed { json, faults, .. } = parsed?;
    corrections::inexact(&file, &json, texts).into_result()?;
    Ok(Some(Correction { file, json, faults }))
}

/// The text of a file that is not too large. A device such as `/dev/zero` never ends.
pub(super) fn text(file: &str, path: &Path) -> Result<String, Diagnostics> {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|open| open.take(LARGEST + 1).read_to_end(&mut bytes));
    read.map_err(|error| unreadable(file, &error))?;
    if bytes.len() as u64 > LARGEST {
        return Err(too_large(file).into());
    }
    String::from_utf8(bytes).map_err(|_| {
        let error = io::Error::new(io::ErrorKind::InvalidData, "it is not UTF-8");
        unreadable(file, &error).into()
    })
}

fn too_large(file: &str) -> Diagnostic {
    let message = format!("is larger than {} MiB", LARGEST >> 20);
    let help = "split the document into several files, or move it out of the directory";
    Diagnostic::new(file, "", message, help)
}

pub(super) fn unreadable(file: &str, error: &io::Error) -> Diagnostic {
    Diagnostic::new(
        file,
        "",
        format!("cannot be read: {error}"),
        "check the path and its permissions",
    )
}
