//! A diagnostic as text: its line, with the fault underlined.

use std::fmt;
use std::ops::Range;

use apifox_runtime::is_unprintable;
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

/// How diagnostics are shown.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// Whether labels, marks and line numbers have colours.
    pub color: ColorChoice,
    /// The columns that a line may take.
    pub width: usize,
    /// Breaks a text into lines of so many columns. By default it is left as one line.
    pub wrap: fn(&str, usize) -> Vec<String>,
    /// Puts into another language what stands around messages and help: a label with its colon
    /// and space, such as `help: `, a subject, or where the same is wrong as well.
    pub translate: fn(&str) -> String,
}

impl Default for Style {
    /// As build logs have it: English without colours, a document's line in 80 columns, and all
    /// else as it is.
    fn default() -> Self {
        Self {
            color: ColorChoice::Plain,
            width: 80,
            wrap: |text, _| vec![text.to_owned()],
            translate: str::to_owned,
        }
    }
}

/// The columns that the number of a line and its frame take.
const FRAME_WIDTH: usize = 12;

/// The columns that are underlined at most.
const UNDERLINED: usize = 40;

/// The colour of the frame of a line.
const FRAME: &str = "1;34";

/// How messages and the labels of notes are set off.
const BOLD: &str = "1";

impl Diagnostic {
    /// As text for a reader: with the line it stands on where the text is known.
    #[must_use]
    pub fn text(&self, severity: Severity, style: &Style) -> String {
        match &self.location {
            Some(location) => located(self, location, severity, style),
            None => self.unlocated_text(style),
        }
    }

    /// The same where no text is known: what is said of it stands below.
    fn unlocated_text(&self, style: &Style) -> String {
        let mut text = format!("{}: {}\n    {}", self.unlocated(), self.named(), self.help);
        for (name, note) in self.notes() {
            let label = (style.translate)(&format!("{name} "));
            text += &format!("\n    {label}{}", (style.translate)(&note));
        }
        let lines = text.split('\n').map(|line| {
            let words = line.trim_start_matches(' ');
            let indent = line.len() - words.len();
            format!("{:indent$}{}", "", style.hanging(indent, words))
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    /// What the place is about, and where the same is wrong as well.
    fn notes(&self) -> impl Iterator<Item = (&'static str, String)> {
        let subject = self.subject.iter().map(|subject| ("in", subject.clone()));
        subject.chain(self.repeated().map(|repeated| ("in", repeated)))
    }

    /// All that is said below its line.
    fn located_notes(&self, style: &Style) -> Vec<(&'static str, String)> {
        let own = [("at", self.pointer.clone()), ("help", self.help.clone())];
        let others = self.notes();
        let others = others.map(|(name, text)| (name, (style.translate)(&text)));
        let all = own.into_iter().chain(others);
        all.filter(|(_, text)| !text.is_empty()).collect()
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(Severity::Error, &Style::default()))
    }
}

impl Diagnostics {
    /// As text for a reader: how many there are, and each as [`Diagnostic::text`].
    #[must_use]
    pub fn text(&self, style: &Style) -> String {
        let count = self.0.len();
        let noun = if count == 1 { "problem" } else { "problems" };
        let mut text = format!("{count} {noun} in the documents:");
        for diagnostic in &self.0 {
            let one = diagnostic.text(Severity::Error, style);
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
        f.write_str(&self.text(&Style::default()))
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
    style: &Style,
) -> String {
    let (source, fault) = window(location.source(), location.underlined(), style.width);
    let level = level_colour(severity);
    let number = location.line.to_string();
    let gutter = " ".repeat(number.len());
    let frame = |text: &str| style.coloured(FRAME, text);
    let label = (style.translate)(&format!("{}: ", severity.name()));
    let message = style.hanging(columns(&label), &printable(&diagnostic.named()));
    let place = format!("{}:{}:{}", diagnostic.file, location.line, location.column);
    let before = " ".repeat(columns(&source[..fault.start]));
    let marks = "^".repeat(columns(&source[fault]).max(1));
    let bar = frame(&format!("{gutter} |"));
    let numbered = frame(&format!("{number} |"));
    let mut lines = vec![
        style.coloured(level, &label) + &style.coloured(BOLD, &message),
        format!("{} {}", frame(&format!("{gutter}-->")), printable(&place)),
        bar.clone(),
        format!("{numbered} {}", printable(&source)),
        format!("{bar} {before}{}", style.coloured(level, &marks)),
    ];
    let notes = diagnostic.located_notes(style);
    if !notes.is_empty() {
        lines.push(bar);
    }
    let sign = format!("{gutter} = ");
    lines.extend(notes.into_iter().map(|(name, text)| {
        let label = (style.translate)(&format!("{name}: "));
        let text = printable(&text);
        let text = match name {
            // It is to be copied.
            "at" => text,
            _ => style.hanging(columns(&sign) + columns(&label), &text),
        };
        frame(&sign) + &style.coloured(BOLD, &label) + &text
    }));
    let lines: Vec<&str> = lines.iter().map(|line| line.trim_end()).collect();
    lines.join("\n")
}

impl Style {
    /// `text` in lines that fit behind so many columns: all but the first begin with as many
    /// spaces.
    fn hanging(&self, indent: usize, text: &str) -> String {
        let lines = (self.wrap)(text, self.width.saturating_sub(indent).max(1));
        lines.join(&format!("\n{:indent$}", ""))
    }

    /// `text` in a colour, given as the parameters of the terminal's escape sequence.
    fn coloured(&self, colour: &str, text: &str) -> String {
        match self.color {
            ColorChoice::Plain => text.to_owned(),
            ColorChoice::Coloured => format!("\u{1b}[{colour}m{text}\u{1b}[0m"),
        }
    }
}

/// The colours that errors, warnings and information have wherever the program tells of them.
fn level_colour(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "1;31",
        Severity::Warning => "1;33",
        Severity::Info => "1;36",
    }
}

/// As much of a line as fits, around the fault. Counted in columns, as Chinese characters
/// are two columns wide. What does not fit is not looked at: a document may be one line, with
/// many faults.
fn window(line: &str, fault: Range<usize>, width: usize) -> (String, Range<usize>) {
    let room = width.saturating_sub(FRAME_WIDTH);
    let (before, rest) = line.split_at_checked(fault.start).unwrap_or((line, ""));
    let length = fault.len().min(rest.len());
    let (fault, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
    let shown = fitting(fault, room.min(UNDERLINED));
    let left = room.saturating_sub(columns(shown));
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
    text.chars().map(column_width).sum()
}

/// How many columns a character takes as it is shown.
fn column_width(c: char) -> usize {
    clean(c).width().unwrap_or(1)
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
        taken += column_width(c);
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

/// `text` as it is shown: a message may quote a document, which must not send commands to the
/// terminal.
fn printable(text: &str) -> String {
    text.chars().map(clean).collect()
}

/// The character, or what is shown in place of one that controls something or has text shown in
/// another order.
fn clean(c: char) -> char {
    if is_unprintable(c) { '\u{fffd}' } else { c }
}

#[cfg(test)]
mod tests {
    use unicode_width::UnicodeWidthStr as _;

    use super::{ColorChoice, FRAME_WIDTH, Severity, Style, window};
    use crate::diagnostics::Diagnostic;
    use crate::text::{Location, Text, Written};

    #[test]
    fn the_column_is_that_of_the_whole_line() {
        let line = format!("{}\"a\"", "图".repeat(100));
        let diagnostic = Diagnostic::new("f.json", "", "is\u{1b}[31m wrong", "").at(Text::new(
            &line,
            Written::Json,
        )
        .at(1, 102));
        for color in [ColorChoice::Plain, ColorChoice::Coloured] {
            let style = Style {
                color,
                ..Style::default()
            };
            let text = diagnostic.text(Severity::Error, &style);
            assert!(text.contains("f.json:1:102"), "{text}");
            assert!(!text.contains("\u{1b}[31m wrong"), "{text}");
        }
    }

    #[test]
    fn marks_stand_below_what_is_shown_in_place_of_controls() {
        let line = "{\"\u{202e}\u{2066}a\": \"b\u{200f}\"}";
        let at = line.find("\"b").unwrap();
        let place = Location::new(&line.into(), 1, (0, line.len()), &(at..line.len() - 1));
        let mut diagnostic = Diagnostic::new("f.json", "", "is wrong", "");
        diagnostic.location = Some(place);
        let text = diagnostic.to_string();
        let shown = "\
1 | {\"\u{fffd}\u{fffd}a\": \"b\u{fffd}\"}
  |         ^^^^";
        assert!(text.ends_with(shown), "{text}");
        let controls = "\u{202e}".repeat(200) + "\"a\"";
        let (shown, _) = window(&controls, 600..603, 80);
        assert!(shown.chars().count() <= 80, "{shown:?}");
    }

    /// The build script has it as it is, and a terminal in its own words and columns.
    #[test]
    fn what_is_said_fits_the_terminal_in_its_language() {
        let line = r#"{"name": "图片很长"}"#;
        let place = Location::new(&line.into(), 1, (0, line.len()), &(9..line.len() - 1));
        let mut diagnostic = Diagnostic::new("f.yaml", "/name", "is wrong here", "write it anew");
        diagnostic.location = Some(place);
        diagnostic.subject = Some("GET /pets".to_owned());
        diagnostic.repeats.count = 1;
        let english = "\
error: is wrong here
 --> f.yaml:1:10
  |
1 | {\"name\": \"图片很长\"}
  |          ^^^^^^^^^^
  |
  = at: /name
  = help: write it anew
  = in: GET /pets
  = in: 2 places: also at 1 more";
        assert_eq!(diagnostic.to_string(), english);
        let style = Style {
            width: 20,
            wrap: |text, width| {
                let middle = text.find(' ').filter(|_| text.len() > width);
                let (first, rest) = text.split_at(middle.unwrap_or(text.len()));
                let lines = [first, rest.trim_start()];
                let lines = lines.into_iter().filter(|line| !line.is_empty());
                lines.map(str::to_owned).collect()
            },
            translate: |text| {
                text.replace("help: ", "帮助：")
                    .replace("warning: ", "警告：")
            },
            ..Style::default()
        };
        let narrow = "\
警告：is wrong here
 --> f.yaml:1:10
  |
1 | … \"图片很…
  |   ^^^^^^^
  |
  = at: /name
  = 帮助：write
          it anew
  = in: GET /pets
  = in: 2
        places: also at 1 more";
        assert_eq!(diagnostic.text(Severity::Warning, &style), narrow);
        diagnostic.location = None;
        let unlocated = "\
f.yaml#/name: is wrong here
    write it anew
    in GET /pets
    in 2 places: also at 1 more";
        assert_eq!(diagnostic.to_string(), unlocated);
    }

    #[test]
    fn colours_are_those_of_the_programs_own_messages() {
        let line = Text::new(r#"{"name": 1}"#, Written::Json);
        let diagnostic = Diagnostic::new("f.json", "", "is wrong here", "").at(line.at(1, 10));
        let colour = Style {
            color: ColorChoice::Coloured,
            ..Style::default()
        };
        let text = diagnostic.text(Severity::Warning, &colour);
        let start = "\u{1b}[1;33mwarning: \u{1b}[0m\u{1b}[1mis wrong here\u{1b}[0m\n";
        assert!(text.starts_with(start), "{text:?}");
    }

    #[test]
    fn characters_that_are_wider_together_are_cut_as_well() {
        let wider = "\u{263a}\u{fe0f}".repeat(100);
        for fault in [0..3, 300..306, wider.len() - 6..wider.len(), 0..wider.len()] {
            let (shown, at) = window(&wider, fault.clone(), 80);
            assert!(wider[fault].starts_with(&shown[at]), "{shown}");
            assert!(shown.chars().count() <= 160, "{shown}");
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
                assert!(fault.text(Severity::Warning, &Style::default()).len() < 500);
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
            let (shown, at) = window(&line, fault.clone(), 80);
            assert_eq!(&shown[at], underlined, "{line}");
            assert!(whole.is_empty() || whole == shown, "{shown}");
            for width in [0, 20, 60, 80] {
                let (shown, at) = window(&line, fault.clone(), width);
                assert!(underlined.starts_with(&shown[at]), "{shown}");
                let room = width.saturating_sub(FRAME_WIDTH) + 2;
                assert!(shown.width() <= room, "{shown}");
            }
        }
    }
}
