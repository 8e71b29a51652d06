//! A diagnostic as text: its line, with the fault underlined.

use std::fmt;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level as Title, Renderer, Snippet};
use unicode_width::UnicodeWidthChar as _;

use super::{Diagnostic, Diagnostics, Severity};
use crate::text::Location;

/// Whether text is coloured, for a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColorChoice {
    /// Without colours.
    Plain,
    /// With the escape sequences of a terminal's colours.
    Coloured,
}

/// The columns that a line may take, and those of them that its number and the
/// frame do.
const WIDTH: usize = 80;
const FRAME: usize = 12;

/// The columns that are underlined at most.
const UNDERLINED: usize = 40;

impl Diagnostic {
    /// As text for a reader, in 80 columns: with the line it stands on where the
    /// text is known.
    #[must_use]
    pub fn text(&self, severity: Severity, color: ColorChoice) -> String {
        match &self.location {
            Some(location) => located(self, location, severity, color),
            None => {
                let notes = self
                    .notes()
                    .map(|(name, text)| format!("\n    {name} {text}"));
                let notes: String = notes.collect();
                format!(
                    "{}: {}\n    {}{notes}",
                    self.unlocated(),
                    self.named(),
                    self.help
                )
            }
        }
    }
}

impl Diagnostic {
    /// What the place is about, and where the same is wrong as well.
    fn notes(&self) -> impl Iterator<Item = (&'static str, String)> {
        let subject = self.subject.iter().map(|subject| ("in", subject.clone()));
        subject.chain(self.repeated().map(|repeated| ("in", repeated)))
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(Severity::Error, ColorChoice::Plain))
    }
}

impl Diagnostics {
    /// As text for a reader: how many there are, and each as [`Diagnostic::text`].
    #[must_use]
    pub fn text(&self, color: ColorChoice) -> String {
        let count = self.0.len();
        let noun = if count == 1 { "problem" } else { "problems" };
        let mut text = format!("{count} {noun} in the documents:");
        for diagnostic in &self.0 {
            let one = diagnostic.text(Severity::Error, color);
            match diagnostic.location {
                Some(_) => text += &format!("\n\n{one}"),
                None => text += &format!("\n  {}", one.replace('\n', "\n  ")),
            }
        }
        text
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(ColorChoice::Plain))
    }
}

/// A build script whose `main` returns them prints them in this form, behind `Error: `.
impl fmt::Debug for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\n{self}")
    }
}

impl std::error::Error for Diagnostics {}

/// The diagnostic with its line, which is underlined at the fault.
fn located(
    diagnostic: &Diagnostic,
    location: &Location,
    severity: Severity,
    color: ColorChoice,
) -> String {
    let (source, fault) = window(location.source(), location.underlined());
    let file = printable(&diagnostic.file);
    let column = source[..fault.start].chars().count() + 1;
    let snippet = Snippet::source(source)
        .line_start(location.line)
        .path(&file)
        .annotation(AnnotationKind::Primary.span(fault));
    let note =
        |name: &'static str, text: &str| Title::NOTE.with_name(name).message(printable(text));
    let mut group: Group<'_> = title(severity)
        .primary_title(printable(&diagnostic.named()))
        .element(snippet);
    if !diagnostic.pointer.is_empty() {
        group = group.element(note("at", &diagnostic.pointer));
    }
    if !diagnostic.help.is_empty() {
        group = group.element(note("help", &diagnostic.help));
    }
    for (name, text) in diagnostic.notes() {
        group = group.element(note(name, &text));
    }
    let renderer = match color {
        ColorChoice::Plain => Renderer::plain(),
        ColorChoice::Coloured => Renderer::styled(),
    };
    let text = renderer.term_width(2 * WIDTH).render(&[group]);
    // The line may be cut: show the column in the whole line instead.
    let shown = format!("{file}:{}:{column}", location.line);
    let real = format!("{file}:{}:{}", location.line, location.column);
    let line = |(number, line): (usize, &str)| match number {
        1 => line.trim_end().replace(&shown, &real),
        _ => line.trim_end().to_owned(),
    };
    let lines: Vec<String> = text.lines().enumerate().map(line).collect();
    lines.join("\n")
}

fn title(severity: Severity) -> Title<'static> {
    match severity {
        Severity::Error => Title::ERROR,
        Severity::Warning => Title::WARNING,
        Severity::Info => Title::INFO,
    }
}

/// As much of a line as fits, around the fault. Counted in columns, as Chinese characters
/// are two columns wide. What does not fit is not looked at: a document may be one line, with
/// many faults.
fn window(line: &str, fault: Range<usize>) -> (String, Range<usize>) {
    let (before, rest) = line.split_at_checked(fault.start).unwrap_or((line, ""));
    let length = fault.len().min(rest.len());
    let (fault, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
    let shown = fitting(fault, UNDERLINED);
    let left = WIDTH - FRAME - columns(shown);
    // What comes before the fault explains more, so it gets two thirds of the room.
    let room_after = if shown.len() < fault.len() {
        0
    } else {
        left / 3
    };
    let room_before = left - columns(fitting(after, room_after));
    let from = before.len() - cut_back(before, room_before);
    let room_after = left - columns(&before[from..]);
    let behind = fitting(after, room_after);
    let ellipsis = |is_cut: bool| if is_cut { "…" } else { "" };
    let start = format!("{}{}", ellipsis(from > 0), &before[from..]);
    let end = match shown.len() < fault.len() {
        true => "…".to_owned(),
        false => format!("{behind}{}", ellipsis(behind.len() < after.len())),
    };
    let underlined = start.len()..start.len() + shown.len();
    // A tab takes one column here, and one byte as a space does.
    let text = format!("{start}{shown}{end}").replace('\t', " ");
    (text, underlined)
}

/// How many columns these characters take, each by itself: together, as in emoji, they may take
/// another number.
fn columns(text: &str) -> usize {
    text.chars().map(|c| c.width().unwrap_or(1)).sum()
}

/// As much of `text` as fits into these columns.
fn fitting(text: &str, columns: usize) -> &str {
    &text[..cut(text.char_indices(), columns)]
}

/// How many bytes of the characters fit into these columns.
fn cut(characters: impl Iterator<Item = (usize, char)>, columns: usize) -> usize {
    let mut taken = 0;
    let mut end = 0;
    for (at, c) in characters {
        taken += c.width().unwrap_or(1);
        if taken > columns {
            break;
        }
        end = at + c.len_utf8();
    }
    end
}

/// How many bytes at the end of `text` fit into these columns.
fn cut_back(text: &str, columns: usize) -> usize {
    let from_the_end = text.char_indices().rev();
    cut(
        from_the_end.map(|(at, c)| (text.len() - at - c.len_utf8(), c)),
        columns,
    )
}

/// Replaces control characters: a message may quote a document, which must not send
/// commands to the terminal.
fn printable(text: &str) -> String {
    let clean = |c: char| if c.is_control() { '\u{fffd}' } else { c };
    text.chars().map(clean).collect()
}

#[cfg(test)]
mod tests {
    use unicode_width::UnicodeWidthStr as _;

    use super::{ColorChoice, FRAME, Severity, WIDTH, window};
    use crate::diagnostics::Diagnostic;
    use crate::text::{Text, Written};

    #[test]
    fn the_column_is_that_of_the_whole_line() {
        let line = format!("{}\"a\"", "图".repeat(100));
        let diagnostic = Diagnostic::new("f.json", "", "is\u{1b}[31m wrong", "").at(Text::new(
            &line,
            Written::Json,
        )
        .at(1, 102));
        for color in [ColorChoice::Plain, ColorChoice::Coloured] {
            let text = diagnostic.text(Severity::Error, color);
            assert!(text.contains("f.json:1:102"), "{text}");
            assert!(!text.contains("\u{1b}[31m wrong"), "{text}");
        }
    }

    #[test]
    fn characters_that_are_wider_together_are_cut_as_well() {
        let wider = "\u{263a}\u{fe0f}".repeat(100);
        for fault in [0..3, 300..306, wider.len() - 6..wider.len(), 0..wider.len()] {
            let (shown, at) = window(&wider, fault.clone());
            assert!(wider[fault].starts_with(&shown[at]), "{shown}");
            assert!(shown.chars().count() <= 2 * WIDTH, "{shown}");
        }
    }

    #[test]
    fn four_times_as_many_faults_on_one_line_take_about_four_times_as_long() {
        let faults = |count: usize| {
            let line = Text::new(&r#""a", "#.repeat(10 * count), Written::Json);
            let fault = Diagnostic::new("f.json", "", "is wrong", "").at(line.at(1, 25 * count));
            vec![fault; count]
        };
        test_data::time::grows_with_its_input(1000, faults, |faults| {
            for fault in faults {
                assert!(fault.text(Severity::Warning, ColorChoice::Plain).len() < 500);
            }
        });
    }

    #[test]
    fn a_long_line_is_cut_to_what_is_at_fault() {
        let long = "图".repeat(100);
        let cases = [
            ("{\"a\": 1}".to_owned(), "{\"a\": 1}", "\"a\""),
            (format!("{long}\"a\"{long}"), "", "\"a\""),
            (format!("\"a\"{long}"), "", "\"a\""),
            (format!("x{long}x"), "", &long[..20 * 3]),
            ("\t\"a\"\t".to_owned(), " \"a\" ", "\"a\""),
        ];
        for (line, whole, underlined) in cases {
            let fault = match line.find("\"a\"") {
                Some(at) => at..at + 3,
                None => 1..line.len() - 1,
            };
            let (shown, at) = window(&line, fault);
            assert_eq!(&shown[at], underlined, "{line}");
            assert!(shown.width() <= WIDTH - FRAME + 2, "{shown}");
            assert!(whole.is_empty() || whole == shown, "{shown}");
        }
    }
}
