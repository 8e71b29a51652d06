//! A place in the text of a file, by line and column.

use std::ops::Range;
use std::sync::Arc;

use super::unread::UnreadBytes;
use super::values::Tree;

/// A place in the text of a file.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Location {
    /// The line, from 1.
    pub line: usize,
    /// The column, in characters from 1.
    pub column: usize,
    /// Where the line starts and ends in the text, in bytes.
    line_range: (usize, usize),
    /// Where the fault starts and ends in the line, in bytes.
    fault: (usize, usize),
    text: Arc<str>,
}

impl Location {
    /// The line that it is on.
    #[must_use]
    pub fn source(&self) -> &str {
        let (start, end) = self.line_range;
        self.text.get(start..end).unwrap_or_default()
    }

    /// The bytes of [`Location::source`] that are at fault.
    #[must_use]
    pub fn underlined(&self) -> Range<usize> {
        self.fault.0..self.fault.1
    }

    /// The place of these bytes; where they span several lines, of those on the first.
    pub(crate) fn new(
        text: &Arc<str>,
        line: usize,
        line_range: (usize, usize),
        bytes: &Range<usize>,
    ) -> Self {
        let (from, to) = line_range;
        let start = bytes.start.clamp(from, to);
        let end = bytes.end.clamp(start, to);
        let before = text.get(from..start).unwrap_or_default();
        Self {
            line,
            column: before.chars().count() + 1,
            line_range,
            fault: (start - from, end - from),
            text: Arc::clone(text),
        }
    }
}

/// Leaves out the text, which is that of the whole file.
impl std::fmt::Debug for Location {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// How a document is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// JSON.
    Json,
    /// YAML.
    Yaml,
    /// Markdown with YAML or JSON in a fence.
    Markdown,
    /// The text of a published page.
    Page,
}

/// The text of a file, without a byte order mark.
#[derive(Clone, Debug)]
pub struct Text {
    /// The text.
    pub text: Arc<str>,
    /// How it is written.
    pub written: Written,
    /// Where its values stand, once they were read.
    pub(crate) tree: Arc<Tree>,
    /// The parts that were not read.
    pub(super) unread: Vec<UnreadBytes>,
}

impl Text {
    /// The text of a file, whose byte order mark is left out.
    pub fn new(text: &str, written: Written) -> Self {
        Self {
            text: text.strip_prefix('\u{feff}').unwrap_or(text).into(),
            written,
            tree: Arc::default(),
            unread: Vec::new(),
        }
    }

    /// The place of a line and a column, in characters, both from 1.
    pub fn at(&self, line: usize, column: usize) -> Location {
        let lines = Lines::new(&self.text);
        let line_range = lines.line(line);
        let source = self
            .text
            .get(line_range.0..line_range.1)
            .unwrap_or_default();
        let characters = source.char_indices().map(|(at, _)| at);
        let from = characters
            .chain([source.len()])
            .nth(column.saturating_sub(1));
        let start = line_range.0 + from.unwrap_or(source.len());
        let wide = source
            .get(start - line_range.0..)
            .and_then(|rest| rest.chars().next());
        let end = start + wide.map_or(0, char::len_utf8);
        Location::new(&self.text, line, line_range, &(start..end))
    }

    /// The place of a line and a column, in bytes, both from 1, as serde counts.
    pub fn at_bytes(&self, line: usize, column: usize) -> Location {
        let (start, end) = Lines::new(&self.text).line(line);
        let source = self.text.get(start..end).unwrap_or_default();
        let before = source.char_indices().take_while(|(at, _)| at + 1 < column);
        self.at(line, before.count() + 1)
    }

    /// Notes that these bytes were not read.
    pub(crate) fn leave_unread(&mut self, bytes: Range<usize>, why: &str) {
        self.omit(bytes, "", why);
    }

    /// Notes that the value at a pointer was omitted: its bytes, or the whole text where they are
    /// not known.
    pub(crate) fn omit_value(&mut self, pointer: &str, why: &str) {
        let bytes = self.tree.value(pointer).unwrap_or(0..self.text.len());
        self.omit(bytes, pointer, why);
    }

    fn omit(&mut self, bytes: Range<usize>, pointer: &str, why: &str) {
        self.unread.push(UnreadBytes {
            bytes,
            pointer: pointer.to_owned(),
            why: why.to_owned(),
        });
    }
}

/// A text, and where each of its lines starts.
pub(crate) struct Lines<'t> {
    text: &'t Arc<str>,
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    pub(crate) fn new(text: &'t Arc<str>) -> Self {
        // A fault may be after the last line break: that something is missing.
        let breaks = text.match_indices('\n').map(|(at, _)| at + 1);
        let starts = [0].into_iter().chain(breaks).collect();
        Self { text, starts }
    }

    /// The number of the line, from 1, that has this byte.
    pub fn at(&self, byte: usize) -> usize {
        self.starts.partition_point(|start| *start <= byte).max(1)
    }

    /// Where a line starts and ends, without its break.
    pub fn line(&self, number: usize) -> (usize, usize) {
        let last = self.starts.len().saturating_sub(1);
        let at = number.saturating_sub(1).min(last);
        let start = self.starts.get(at).copied().unwrap_or_default();
        let next = self.starts.get(at + 1).copied();
        let whole = self.text.get(start..next.unwrap_or(self.text.len()));
        let line = whole.unwrap_or_default().trim_end_matches(['\n', '\r']);
        (start, start + line.len())
    }

    /// The place of these bytes.
    pub fn location(&self, bytes: &Range<usize>) -> Location {
        let line = self.at(bytes.start);
        Location::new(self.text, line, self.line(line), bytes)
    }
}
