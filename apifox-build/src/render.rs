//! A located problem as text: its line, with the fault underlined.

use annotate_snippets::{AnnotationKind, Group, Level as Title, Renderer, Snippet};

use crate::locate::Location;
use crate::problem::Problem;

/// How much a problem weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// It stands in the way.
    Error,
    /// It was passed over, or can be.
    Warning,
    /// It is good to know.
    Info,
}

impl Level {
    /// Its name in lower case.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
        }
    }
}

/// Whether text is for a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// Without colours.
    Plain,
    /// With the escape sequences of a terminal's colours.
    Coloured,
}

/// The columns that a line may take.
const WIDTH: usize = 80;

pub(crate) fn text(problem: &Problem, location: &Location, level: Level, look: Look) -> String {
    let title = match level {
        Level::Error => Title::ERROR,
        Level::Warning => Title::WARNING,
        Level::Info => Title::INFO,
    };
    let source = location.source();
    let snippet = Snippet::source(source)
        .line_start(location.line)
        .path(printable(&problem.file))
        .annotation(AnnotationKind::Primary.span(location.underlined()));
    let note =
        |name: &'static str, text: &str| Title::NOTE.with_name(name).message(printable(text));
    let mut group: Group<'_> = title
        .primary_title(printable(&problem.named()))
        .element(snippet);
    if !problem.pointer.is_empty() {
        group = group.element(note("at", &problem.pointer));
    }
    if !problem.remedy.is_empty() {
        group = group.element(note("help", &problem.remedy));
    }
    let renderer = match look {
        Look::Plain => Renderer::plain(),
        Look::Coloured => Renderer::styled(),
    };
    let text = renderer.term_width(WIDTH).render(&[group]);
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    lines.join("\n")
}

/// `text` without what would command a terminal: it may quote a document.
fn printable(text: &str) -> String {
    let clean = |c: char| if c.is_control() { '\u{fffd}' } else { c };
    text.chars().map(clean).collect()
}
