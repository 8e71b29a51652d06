//! Parses the text of a document, in whatever format it is written, into JSON.

use std::path::Path;
use std::sync::Arc;

use serde_json::Value;

use crate::diagnostics::{Diagnostic, Diagnostics, Omission};
use crate::document::Document;
use crate::forms::foreign::Foreign;
use crate::forms::openapi;
use crate::forms::swagger;
use crate::members::expand_references;
use crate::repeated;
use crate::text::fence::Fence;
use crate::text::page::{self, Omitted, PageError};
use crate::text::values::Unsayable;
use crate::text::{Lines, Location, Text, Texts, Written, fence, unfenced, values};

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

pub(crate) fn written(path: &Path) -> Option<Written> {
    let ending = path.extension()?.to_str()?.to_ascii_lowercase();
    Some(match ending.as_str() {
        "json" => Written::Json,
        "yaml" | "yml" => Written::Yaml,
        "md" | "markdown" => Written::Markdown,
        "txt" => Written::Page,
        _ => return None,
    })
}

/// Guesses from a text how it is written.
pub(crate) fn looks_written(text: &str) -> Written {
    let is_yaml = |line: &str| line.starts_with("openapi:") || line.starts_with("swagger:");
    match text {
        text if looks_like_json(text) => Written::Json,
        text if fence::find(text).is_some() => Written::Markdown,
        text if unfenced::find(text).is_some_and(|found| is_within_page(text, &found)) => {
            Written::Page
        }
        text if text.lines().any(is_yaml) => Written::Yaml,
        text if page::read("", text).is_ok() => Written::Page,
        _ => Written::Json,
    }
}

/// Whether there is more in a text than the document found in it: other members may come before
/// the version, but lines of a page are no YAML.
fn is_within_page(text: &str, found: &Fence<'_>) -> bool {
    let before = text.get(..found.start).unwrap_or_default();
    let is_yaml = |line: &str| {
        let line = line.trim_end();
        line.is_empty() || line.starts_with([' ', '#', '-']) || line.contains(':')
    };
    found.is_closed || !before.lines().all(is_yaml)
}

impl Document {
    /// A document that was parsed elsewhere; `file` names it.
    #[must_use]
    pub fn from_json(file: &str, json: Value) -> Self {
        let parsed = Parsed {
            json,
            is_page: false,
            faults: Vec::new(),
        };
        parsed.named(file, Texts::default())
    }
}

/// A document as it was parsed.
pub(crate) struct Parsed {
    pub json: Value,
    pub is_page: bool,
    pub faults: Vec<Diagnostic>,
}

impl Parsed {
    /// The document, in the newest version of its form.
    pub fn named(mut self, file: &str, mut texts: Texts) -> Document {
        let mut faults = expand_references(&mut self.json, file);
        texts.fill(&mut faults);
        self.faults.extend(faults);
        if let Some(mut translated) = swagger::translate(&mut self.json, file) {
            texts.fill(&mut translated.faults);
            texts.add_origins(file, translated.origins);
            self.faults.extend(translated.faults);
        }
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
            files: Vec::new(),
        }
    }
}

/// The file without its ending.
pub fn stem(file: &str) -> &str {
    match file.rsplit_once('.') {
        Some((stem, _)) if written(Path::new(file)).is_some() => stem,
        _ => file,
    }
}

/// Parses a text, and has it keep the places of its values. `None` for Markdown and text
/// that hold no document.
pub(crate) fn parse(file: &str, text: &mut Text) -> Result<Option<Parsed>, Diagnostics> {
    let parsed = as_written(file, text);
    if !matches!(parsed, Ok(Some(_))) {
        // Of a file that a document refers to, the rest of the document is read all the same.
        text.leave_unread(0..text.text.len(), "the file is not read");
    }
    parsed.map_err(|problems| match Foreign::of_text(&text.text) {
        Some(format) => format.refused(file).into(),
        None => problems,
    })
}

fn as_written(file: &str, text: &mut Text) -> Result<Option<Parsed>, Diagnostics> {
    match text.written {
        Written::Json => json(file, text).map(Some),
        Written::Yaml => {
            let whole = Arc::clone(&text.text);
            let mut parsed = yaml(file, text, &whole, (0, 0))?;
            let cut = openapi::remove_unanswered(&mut parsed.json, file);
            omit_all(text, cut.as_slice());
            parsed.faults.extend(cut);
            Ok(Some(parsed))
        }
        Written::Markdown => markdown(file, text),
        Written::Page => page(file, text),
    }
}

/// Notes that what these diagnostics are of was omitted.
fn omit_all(text: &mut Text, omitted: &[Diagnostic]) {
    for diagnostic in omitted {
        text.omit_value(&diagnostic.pointer, &diagnostic.message);
    }
}

/// The endpoint of a page; `None` for a text that is not one.
fn page(file: &str, text: &mut Text) -> Result<Option<Parsed>, Diagnostics> {
    let whole = Arc::clone(&text.text);
    if let Some(parsed) = markdown(file, text)? {
        return Ok(Some(parsed));
    }
    if let Some(found) = unfenced::find(&whole) {
        return copied(file, text, &found).map(Some);
    }
    let Ok(page) = page::read(file, &text.text) else {
        return Ok(None);
    };
    let (tree, members) = values::page(&text.text);
    let mut faults = Vec::new();
    for fault in page.faults.iter().chain(&page.lost) {
        let diagnostic = page_diagnostic(fault, text);
        if let Some(bytes) = page::lost_bytes(&whole, fault) {
            text.leave_unread(bytes, &diagnostic.message);
        }
        faults.push(diagnostic);
    }
    faults.extend(repeated::warnings(file, text, &members));
    let parsed = Parsed {
        json: json(file, &mut Text::new(&page.json, Written::Json))?.json,
        is_page: true,
        faults,
    };
    text.tree = Arc::new(tree);
    Ok(Some(parsed))
}

/// The document in the first fence that holds one; other fences are omitted.
fn markdown(file: &str, text: &mut Text) -> Result<Option<Parsed>, Diagnostics> {
    let whole = Arc::clone(&text.text);
    let mut fences = fence::all(&whole).into_iter();
    let Some(first) = fences.next() else {
        return Ok(None);
    };
    let mut parsed = copied(file, text, &first)?;
    for fence in fences {
        let message = "a page holds one document; what is in this fence is omitted";
        text.leave_unread(fence.start..fence.start + fence.text.len(), message);
        let omitted = Diagnostic::new(file, "", message, "give it a file of its own");
        let omitted = omitted.at(text.at(fence.line, 1));
        parsed.faults.push(omitted.omitting(Omission::Document));
    }
    Ok(Some(parsed))
}

/// The document in a part of a page. If the page ends in it, what is cut off is left out.
fn copied(file: &str, text: &mut Text, part: &Fence<'_>) -> Result<Parsed, Diagnostics> {
    let before = (part.start, part.line);
    let whole = yaml(file, text, part.text, before);
    let mut parsed = match whole {
        Err(problems) if !part.is_closed => shortened(file, text, part).ok_or(problems)?,
        whole => whole?,
    };
    if !part.is_closed {
        let cut = openapi::remove_cut(&mut parsed.json, file);
        omit_all(text, &cut);
        parsed.faults.extend(cut);
    }
    Ok(Parsed {
        is_page: true,
        ..parsed
    })
}

/// What can be read of a document whose last lines are cut off.
fn shortened(file: &str, text: &mut Text, part: &Fence<'_>) -> Option<Parsed> {
    const MOST_LINES: usize = 40;
    let mut rest = part.text;
    for _ in 0..MOST_LINES {
        let end = rest.trim_end_matches('\n').rfind('\n')?;
        rest = rest.get(..=end)?;
        let Ok(mut parsed) = yaml(file, text, rest, (part.start, part.line)) else {
            continue;
        };
        let line = part.line + rest.lines().count() + 1;
        let message = "the page ends here, in the middle of its document";
        let cut = Diagnostic::new(file, "", message, "copy the page again, to its end");
        text.leave_unread(
            part.start + rest.len()..part.start + part.text.len(),
            message,
        );
        let cut = cut.at(text.at(line, 1)).omitting(Omission::Part);
        parsed.faults.push(cut);
        return Some(parsed);
    }
    None
}

/// Parses JSON; a repeated member is a warning, and the last one counts.
pub(crate) fn json(file: &str, text: &mut Text) -> Result<Parsed, Diagnostics> {
    let values = values::json(&text.text).map_err(|error| {
        let reason = error.to_string();
        let reason = reason.split(" at line ").next().unwrap_or_default();
        unparsable(
            file,
            format!("not JSON: {reason}"),
            Some(text.at_bytes(error.line(), error.column())),
        )
    })?;
    text.tree = Arc::new(values.tree);
    Ok(Parsed {
        json: values.json,
        is_page: false,
        faults: repeated::warnings(file, text, &values.repeated),
    })
}

/// Parses `yaml`, which stands in `text` after some bytes and lines; a repeated member is
/// an error.
fn yaml(
    file: &str,
    text: &mut Text,
    yaml: &str,
    (bytes, lines): (usize, usize),
) -> Result<Parsed, Diagnostics> {
    let values = values::yaml(yaml, bytes).map_err(|error| {
        let message = format!("cannot be read as YAML: {}", error.message);
        let location = text.at(lines + error.line, error.column);
        unparsable(file, message, Some(location))
    })?;
    let mut problems = repeated::errors(file, text, &values.repeated);
    problems.extend(unsayable(file, text, &values.unsayable));
    Diagnostics(problems).into_result()?;
    text.tree = Arc::new(values.tree);
    let next = values.next_document.map(|line| {
        let message = "a file holds one document; what starts here is omitted";
        let help = "give it a file of its own";
        let (start, _) = Lines::new(&text.text).line(lines + line);
        text.leave_unread(start..bytes + yaml.len(), message);
        Diagnostic::new(file, "", message, help)
            .at(text.at(lines + line, 1))
            .omitting(Omission::Document)
    });
    Ok(Parsed {
        json: values.json,
        is_page: false,
        faults: next.into_iter().collect(),
    })
}

/// What stands in YAML and has no JSON.
fn unsayable(file: &str, text: &Text, found: &[Unsayable]) -> Vec<Diagnostic> {
    if found.is_empty() {
        return Vec::new();
    }
    let lines = Lines::new(&text.text);
    let help = "quote it if it is a text, or write a value that JSON has";
    let problems = found.iter().map(|found| {
        Diagnostic::new(file, &found.pointer, found.reason.clone(), help)
            .at(lines.location(&found.bytes))
    });
    problems.collect()
}

fn unparsable(file: &str, message: String, location: Option<Location>) -> Diagnostics {
    let diagnostic = Diagnostic::new(
        file,
        "",
        message,
        "fix the file, or give it another extension if it isn't a document",
    )
    .at(location);
    diagnostic.into()
}

/// What is wrong with a page, as a diagnostic of the document whose text it is.
#[must_use]
pub fn page_diagnostic(fault: &PageError, text: &Text) -> Diagnostic {
    let what = fault.message.trim_end_matches(page::AGAIN);
    let message = match (&fault.block, fault.omitted) {
        (Some(block), Omitted::Block | Omitted::Absent) => {
            format!("the block {block} is omitted: {what}")
        }
        (Some(block), Omitted::Operation) => {
            format!("the operation is omitted, as its {block} is not whole: {what}")
        }
        _ => what.to_owned(),
    };
    let help = match (&fault.block, fault.omitted) {
        (_, Omitted::Field) => "describe it by a correction of the document",
        (Some(_), _) => "copy the page again, with the whole block",
        (None, _) => "copy the page again, from its title on",
    };
    let diagnostic = Diagnostic::new(&fault.page, "", message, help);
    let diagnostic = diagnostic.at(text.at(fault.line, fault.column));
    match fault.omitted {
        Omitted::Block | Omitted::Absent | Omitted::Operation => {
            diagnostic.omitting(Omission::Part)
        }
        Omitted::Field => diagnostic,
    }
}
