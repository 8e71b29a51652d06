//! Prints results to stdout and everything else to stderr.

use std::io::{self, ErrorKind, Write as _};

use apifox_document::{ColorChoice, Diagnostic, Severity};
use inkstone::is_unprintable;
use serde_json::Value;

use crate::error::CliError;

/// A line of the result.
pub fn line(text: &str) -> Result<(), CliError> {
    raw(format!("{text}\n").as_bytes())
}

/// The result as JSON.
pub fn json(value: &Value) -> Result<(), CliError> {
    line(&json_text(&format!("{value:#}")))
}

/// A text of JSON in which no character commands a terminal: it is escaped. Only strings
/// have such characters.
pub fn json_text(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for c in json.chars() {
        match c {
            '\n' | '\t' => text.push(c),
            c if is_unprintable(c) => {
                let code = u32::from(c);
                text += &format!("\\u{code:04x}");
            }
            c => text.push(c),
        }
    }
    text
}

/// The result as it is.
pub fn raw(bytes: &[u8]) -> Result<(), CliError> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
        // A reader that closes the pipe early is not an error.
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(CliError::usage(format!(
            "can't write to standard output: {error}"
        ))),
        _ => Ok(()),
    }
}

pub fn warning(text: &str) {
    note(&format!("warning: {text}"));
}

/// A line of progress.
pub fn progress(text: &str) {
    note(text);
}

pub fn hint(text: &str) {
    note(&format!("hint: {text}"));
}

/// Problems in a document, each with the lines of text around it.
pub fn problems(problems: &[Diagnostic], level: Severity) {
    let mut stderr = io::stderr().lock();
    for problem in problems {
        // With a location, the quoted text of the document is already safe to print.
        let text = match problem.location {
            Some(_) => problem.text(level, color_choice(&stderr)),
            None => printable(&format!("{}: {problem}", level.name())),
        };
        let _ = writeln!(stderr, "{text}\n");
    }
}

/// Whether to print in colours: on a terminal, unless `NO_COLOR` is set: <https://no-color.org>.
pub fn colours(stream: &impl io::IsTerminal) -> bool {
    let is_allowed = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    is_allowed && stream.is_terminal()
}

/// How problems are printed to `stream`.
pub fn color_choice(stream: &impl io::IsTerminal) -> ColorChoice {
    match colours(stream) {
        true => ColorChoice::Coloured,
        false => ColorChoice::Plain,
    }
}

pub fn error(error: &CliError) {
    note(&format!("error: {}", error.message));
    for detail in &error.details {
        note(&format!("  {}", detail.replace('\n', "\n  ")));
    }
    if let Some(text) = &error.hint {
        hint(text);
    }
}

fn note(text: &str) {
    // If stderr is closed, there is nowhere to report that.
    let _ = writeln!(io::stderr().lock(), "{}", printable(text));
}

/// `text` without characters that command a terminal: parts of it come from the network.
pub fn printable(text: &str) -> String {
    let clean = |c: char| match c {
        '\n' | '\t' => c,
        c if is_unprintable(c) => '\u{fffd}',
        c => c,
    };
    text.chars().map(clean).collect()
}

/// A count with its noun, as in `1 job` or `2 jobs`.
pub fn counted(count: usize, noun: &str) -> String {
    match count {
        1 => format!("1 {noun}"),
        _ => format!("{count} {noun}s"),
    }
}
