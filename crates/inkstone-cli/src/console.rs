//! Prints results to stdout and everything else to stderr.

use std::io::{self, ErrorKind, Write as _};
use std::sync::atomic::{AtomicUsize, Ordering};

use apifox_document::{ColorChoice, Diagnostic, Severity, Style};
use inkstone::is_unprintable;
use serde::Serialize;
use terminal_size::{Height, Width};
use tr::tr;
use unicode_width::UnicodeWidthStr as _;

use crate::error::CliError;
use crate::language::{for_user, is_translated, review, system};
use crate::wrap::{wrap, wrap_lines};

/// The most columns that tables and texts take.
pub const WIDEST: usize = 80;

/// The fewest columns that are reckoned with: a terminal may have none.
const NARROWEST: usize = 20;

/// How often something was printed to standard output, or tried to be.
static PRINTED: AtomicUsize = AtomicUsize::new(0);

/// How many parts of the result were printed so far: whether there are more now says whether a
/// command has told its result.
pub fn printed() -> usize {
    PRINTED.load(Ordering::Relaxed)
}

/// A failure as JSON, unless more was printed than `before`.
pub fn failure(error: &CliError, before: usize) {
    if printed() == before {
        // If that can't be printed, the error on stderr is all there is.
        let _ = json(&error.json());
    }
}

/// A line of the result.
pub fn line(text: &str) -> Result<(), CliError> {
    raw(format!("{text}\n").as_bytes())
}

/// A line of prose, broken where a terminal is too narrow for it.
pub fn prose(text: &str) -> Result<(), CliError> {
    match terminal_size::terminal_size_of(io::stdout()) {
        Some(_) => line(&wrap_lines(text, width())),
        None => line(text),
    }
}

/// A line of prose behind a mark in a colour; what does not fit stands below the first words.
pub fn marked(mark: &str, colour: &str, text: &str) -> Result<(), CliError> {
    let stdout = io::stdout();
    let gap = " ".repeat(mark.width() + 2);
    let text = printable(text);
    let text = match terminal_size::terminal_size_of(&stdout) {
        Some(_) => wrap(&text, width().saturating_sub(gap.len()).max(1)).join(&format!("\n{gap}")),
        None => text,
    };
    match colours(&stdout) {
        true => line(&format!("\x1b[1;{colour}m{mark}\x1b[0m  {text}")),
        false => line(&format!("{mark}  {text}")),
    }
}

/// The result as JSON.
pub fn json(value: &impl Serialize) -> Result<(), CliError> {
    match serde_json::to_string_pretty(value) {
        Ok(json) => line(&json_text(&json)),
        Err(error) => Err(CliError::usage(error.to_string())),
    }
}

/// A text of JSON in which no character commands a terminal: it is escaped. Only strings
/// have such characters.
pub fn json_text(json: &str) -> String {
    let is_command = |c: char| !matches!(c, '\n' | '\t') && is_unprintable(c);
    let mut text = String::with_capacity(json.len());
    let mut rest = json;
    while let Some(at) = rest.find(is_command) {
        let (plain, others) = rest.split_at(at);
        text.push_str(plain);
        let mut others = others.chars();
        text.extend(others.next().map(|c| format!("\\u{:04x}", u32::from(c))));
        rest = others.as_str();
    }
    text + rest
}

/// The result as it is.
pub fn raw(bytes: &[u8]) -> Result<(), CliError> {
    PRINTED.fetch_add(usize::from(!bytes.is_empty()), Ordering::Relaxed);
    let mut stdout = io::stdout().lock();
    match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
        // A reader that closes the pipe early is not an error.
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(CliError::usage(tr!(
            "can't write to standard output: {error}",
            error
        ))),
        _ => Ok(()),
    }
}

pub fn warning(text: &str) {
    labelled(&for_user(|| tr!("warning")), "33", text);
}

/// A line of progress.
pub fn progress(text: &str) {
    note("", &for_terminal(text));
}

pub fn hint(text: &str) {
    labelled(&for_user(|| tr!("hint")), "36", text);
}

/// Problems in a document, each with the lines of text around it.
pub fn problems(problems: &[Diagnostic], level: Severity) {
    let style = style(&io::stderr(), terminal_size::terminal_size_of(io::stderr()));
    // These are wrapped once they have their label.
    let unlocated = Style {
        wrap: Style::default().wrap,
        ..style
    };
    let told = |problem: &Diagnostic| {
        let problem = review::diagnostic(problem);
        // With a location, the quoted text of the document is already safe to print.
        match problem.location {
            Some(_) => problem.text(level, &style),
            None => {
                let text = label(&severity(level)) + &problem.text(level, &unlocated);
                for_terminal(&printable(&text))
            }
        }
    };
    let mut stderr = io::stderr().lock();
    for problem in problems {
        let _ = writeln!(stderr, "{}\n", for_user(|| told(problem)));
    }
}

/// Whether to print in colours: on a terminal that has any, unless `NO_COLOR` is set or `CLICOLOR`
/// is 0; and elsewhere if `CLICOLOR_FORCE` is set. See <https://no-color.org> and
/// <https://bixense.com/clicolors>.
pub fn colours(stream: &impl io::IsTerminal) -> bool {
    let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    if variable("NO_COLOR").is_some() {
        return false;
    }
    if variable("CLICOLOR_FORCE").is_some_and(|value| value != "0") {
        return true;
    }
    stream.is_terminal()
        && variable("CLICOLOR").is_none_or(|value| value != "0")
        && variable("TERM").is_none_or(|value| value != "dumb")
}

/// How many columns what goes to standard output may take: those of the terminal, but no more
/// than are read with ease.
pub fn width() -> usize {
    let terminal = terminal_size::terminal_size_of(io::stdout());
    terminal.map_or(WIDEST, |(width, _)| {
        usize::from(width.0).clamp(NARROWEST, WIDEST)
    })
}

/// How many columns help may take: those of the terminal, or else of `COLUMNS`.
pub fn help_width() -> usize {
    let asked = std::env::var("COLUMNS").ok();
    let asked = asked.and_then(|columns| columns.parse::<usize>().ok());
    match terminal_size::terminal_size_of(io::stdout()) {
        Some(_) => width(),
        None => asked.unwrap_or(WIDEST).clamp(NARROWEST, WIDEST),
    }
}

/// Whether a line of the result fits the terminal: in a pipe, any does.
pub fn fits(line: &str) -> bool {
    terminal_size::terminal_size_of(io::stdout()).is_none() || line.width() <= width()
}

/// How problems are printed among results.
pub fn style_of_results() -> Style {
    let stdout = io::stdout();
    style(&stdout, terminal_size::terminal_size_of(&stdout))
}

/// How problems are printed to a stream, with the size of its terminal: in a pipe, no text is
/// broken.
fn style(stream: &impl io::IsTerminal, size: Option<(Width, Height)>) -> Style {
    let color = match colours(stream) {
        true => ColorChoice::Coloured,
        false => ColorChoice::Plain,
    };
    let pipe = Style {
        color,
        translate: review::around,
        ..Style::default()
    };
    match size {
        Some((width, _)) => Style {
            width: usize::from(width.0).clamp(NARROWEST, WIDEST),
            wrap,
            ..pipe
        },
        None => pipe,
    }
}

pub fn error(error: &CliError) {
    labelled(&for_user(|| tr!("error")), "31", &error.message);
    for detail in &error.details {
        let detail = for_user(|| system::in_words(detail));
        progress(&format!("  {}", detail.replace('\n', "\n  ")));
    }
    if let Some(text) = &error.hint {
        hint(text);
    }
}

/// What is called so serious, for people.
fn severity(level: Severity) -> String {
    match level {
        Severity::Error => tr!("error"),
        Severity::Warning => tr!("warning"),
        Severity::Info => tr!("info"),
    }
}

/// A word as it stands before what it announces.
fn label(word: &str) -> String {
    match is_translated() {
        true => format!("{word}："),
        false => format!("{word}: "),
    }
}

/// A message after its label, as in `error: …`, in which the label has a colour.
fn labelled(word: &str, colour: &str, text: &str) {
    let label = for_user(|| label(word));
    let text = for_user(|| system::in_words(text));
    let text = for_terminal(&format!("{label}{text}"));
    let has_colour = colours(&io::stderr());
    match text.strip_prefix(&label).filter(|_| has_colour) {
        Some(rest) => note(&format!("\x1b[1;{colour}m{label}\x1b[0m"), rest),
        None => note("", &text),
    }
}

/// A message after `start`, which commands the terminal if it has to.
fn note(start: &str, text: &str) {
    // If stderr is closed, there is nowhere to report that.
    let _ = writeln!(io::stderr().lock(), "{start}{}", printable(text));
}

/// `text` in lines that fit the terminal; as it is where standard error is none.
pub fn for_terminal(text: &str) -> String {
    match terminal_size::terminal_size_of(io::stderr()) {
        Some((width, _)) => wrap_lines(text, usize::from(width.0).max(NARROWEST)),
        None => text.to_owned(),
    }
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
