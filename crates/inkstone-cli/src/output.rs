//! Where words go: results to stdout, everything else to stderr.

use std::io::{self, ErrorKind, Write as _};

use apifox_document::{ColorChoice, Diagnostic, Severity};
use serde_json::Value;

use crate::exit::Failure;

/// A line of the result.
pub fn line(text: &str) -> Result<(), Failure> {
    raw(format!("{text}\n").as_bytes())
}

/// The result as JSON.
pub fn json(value: &Value) -> Result<(), Failure> {
    line(&format!("{value:#}"))
}

/// The result as it is.
pub fn raw(bytes: &[u8]) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
        // A reader that has seen enough is no failure.
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Failure::usage(format!(
            "standard output can't be written: {error}"
        ))),
        _ => Ok(()),
    }
}

pub fn warning(text: &str) {
    note(&format!("warning: {text}"));
}

/// How far something is that takes its time.
pub fn progress(text: &str) {
    note(text);
}

pub fn hint(text: &str) {
    note(&format!("hint: {text}"));
}

/// What is wrong in a document, each with the text that it stands in.
pub fn problems(problems: &[Diagnostic], level: Severity) {
    let mut stderr = io::stderr().lock();
    for problem in problems {
        // What the text quotes of the document is made fit for a terminal where it
        // is underlined.
        let text = match problem.location {
            Some(_) => problem.text(level, look(&stderr)),
            None => printable(&format!("{}: {problem}", level.name())),
        };
        let _ = writeln!(stderr, "{text}\n");
    }
}

/// Colours for a terminal, unless <https://no-color.org> is asked for.
pub fn look(stream: &impl io::IsTerminal) -> ColorChoice {
    let is_wanted = std::env::var_os("NO_COLOR").is_none_or(|it| it.is_empty());
    match is_wanted && stream.is_terminal() {
        true => ColorChoice::Coloured,
        false => ColorChoice::Plain,
    }
}

pub fn failure(failure: &Failure) {
    note(&format!("error: {}", failure.message));
    for detail in &failure.details {
        note(&format!("  {}", detail.replace('\n', "\n  ")));
    }
    if let Some(text) = &failure.hint {
        hint(text);
    }
}

fn note(text: &str) {
    // When stderr is gone there is nobody to tell.
    let _ = writeln!(io::stderr().lock(), "{}", printable(text));
}

/// `text` without what would command the terminal: some of it is the network's.
pub fn printable(text: &str) -> String {
    let clean = |c: char| match c {
        '\n' | '\t' => c,
        c if c.is_control() => '\u{fffd}',
        c => c,
    };
    text.chars().map(clean).collect()
}
