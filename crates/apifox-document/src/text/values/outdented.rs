//! Indents the lines of YAML that stand further left than it allows.
//!
//! The lines of a collection in brackets, and of a quoted text, have to be indented more than
//! the block that they stand in. Most readers of YAML do not insist on that, and documents are
//! written by them:
//!
//! ```yaml
//! schema:
//!   example: {
//!   "name": "Luna"
//! }
//! ```
//!
//! There spaces at the start of a line mean nothing, so some are added.

/// How many spaces may be added: this, and as many for each byte of the text. Many lines within
/// a block that is far to the right would need more than any memory.
const MOST_ADDED: usize = 1 << 16;
const MOST_ADDED_FOR_A_BYTE: usize = 8;

/// A text of YAML with spaces added.
#[derive(Default)]
pub(super) struct Indented {
    pub text: String,
    added: Vec<Added>,
}

/// The spaces that were added to a line.
struct Added {
    /// The line, from 0.
    line: usize,
    spaces: usize,
    /// Where the line is in the text with the spaces.
    start: usize,
    /// How many spaces were added up to this line and to it.
    total: usize,
}

impl Indented {
    /// The text with such lines indented; `None` if it has none, or would become too large.
    pub fn new(text: &str) -> Option<Self> {
        let mut indented = Self::default();
        let short = Walk::new(text).short_lines();
        let spaces = short.iter().map(|(_, spaces)| spaces);
        let most = MOST_ADDED.saturating_add(text.len().saturating_mul(MOST_ADDED_FOR_A_BYTE));
        if spaces.fold(0, |sum: usize, spaces| sum.saturating_add(*spaces)) > most {
            return None;
        }
        let mut short = short.iter().peekable();
        let mut total = 0;
        for (line, content) in text.split_inclusive('\n').enumerate() {
            if let Some((_, spaces)) = short.next_if(|(short, _)| *short == line) {
                total += spaces;
                indented.added.push(Added {
                    line,
                    spaces: *spaces,
                    start: indented.text.len(),
                    total,
                });
                indented.text.extend(std::iter::repeat_n(' ', *spaces));
            }
            indented.text.push_str(content);
        }
        (total > 0).then_some(indented)
    }

    /// Where a byte of the text is without the added spaces.
    pub fn original_byte(&self, byte: usize) -> usize {
        let after = self.added.partition_point(|added| added.start <= byte);
        let last = after.checked_sub(1).and_then(|at| self.added.get(at));
        last.map_or(byte, |added| {
            let first = added.start + added.spaces;
            byte.max(first) - added.total
        })
    }

    /// Where a column is without the added spaces, in a line from 1.
    pub fn original_column(&self, line: usize, column: usize) -> usize {
        let found = self
            .added
            .binary_search_by_key(&line, |added| added.line + 1);
        let added = found.ok().and_then(|at| self.added.get(at));
        column.saturating_sub(added.map_or(0, |added| added.spaces))
    }
}

/// Goes through the lines of a text, and finds what is in brackets or quoted.
struct Walk<'t> {
    lines: Vec<&'t str>,
    line: usize,
    /// The next byte of the line.
    column: usize,
    /// How many spaces the lines of the innermost block start with: the column of its keys or
    /// dashes.
    block: Option<usize>,
    /// Lines that are not indented enough, and by how many spaces.
    short: Vec<(usize, usize)>,
}

impl<'t> Walk<'t> {
    fn new(text: &'t str) -> Self {
        Self {
            lines: text.lines().collect(),
            line: 0,
            column: 0,
            block: None,
            short: Vec::new(),
        }
    }

    fn short_lines(mut self) -> Vec<(usize, usize)> {
        while let Some(line) = self.lines.get(self.line) {
            self.column = indentation(line);
            if is_marker(line) || line.starts_with('%') {
                self.next_line();
                self.block = None;
            } else {
                self.dashes();
                self.node();
            }
        }
        self.short
    }

    fn rest(&self) -> &'t str {
        let line = self.lines.get(self.line);
        line.and_then(|line| line.get(self.column..))
            .unwrap_or_default()
    }

    fn next_line(&mut self) {
        self.line += 1;
        self.column = 0;
    }

    fn skip_spaces(&mut self) {
        let rest = self.rest();
        self.column += rest.len() - rest.trim_start().len();
    }

    /// Skips what begins the items of a list, the keys and the values of a mapping.
    fn dashes(&mut self) {
        while self.rest().starts_with(['-', '?', ':']) && is_blank(self.rest().get(1..)) {
            self.block = Some(self.column);
            self.column += 1;
            self.skip_spaces();
        }
    }

    /// Skips a key and its value, or a value.
    fn node(&mut self) {
        let start = self.column;
        self.skip_properties();
        if let Some(length) = key(self.rest()) {
            self.block = Some(start);
            self.column += length;
            self.skip_properties();
        }
        match self.rest().chars().next() {
            None | Some('#') => self.next_line(),
            Some('{' | '[') => self.collection(),
            Some('"' | '\'') => {
                self.quoted();
                self.next_line();
            }
            Some(_) => self.deeper_lines(),
        }
    }

    /// Skips the tag and the anchor of a node.
    fn skip_properties(&mut self) {
        self.skip_spaces();
        while self.rest().starts_with(['!', '&']) {
            let rest = self.rest();
            self.column += rest.find(char::is_whitespace).unwrap_or(rest.len());
            self.skip_spaces();
        }
    }

    /// Skips a text without quotes, or with its lines as they are: all lines further in.
    fn deeper_lines(&mut self) {
        self.next_line();
        while let Some(line) = self.lines.get(self.line) {
            let is_deeper = self.block.is_none_or(|block| indentation(line) > block);
            if !line.trim().is_empty() && (!is_deeper || is_marker(line)) {
                break;
            }
            self.next_line();
        }
    }

    /// Skips a collection in brackets. What comes after it in its line is no value.
    fn collection(&mut self) {
        let mut depth = 0_usize;
        // Only there does a quote begin a text.
        let mut is_start = true;
        loop {
            let rest = self.rest();
            let Some(next) = rest.chars().next() else {
                match self.continued() {
                    true => continue,
                    false => return,
                }
            };
            match next {
                '"' | '\'' if is_start => {
                    self.quoted();
                    is_start = false;
                    continue;
                }
                '#' if self.is_after_space() => {
                    self.column += rest.len();
                    continue;
                }
                '{' | '[' => (depth, is_start) = (depth + 1, true),
                '}' | ']' => (depth, is_start) = (depth.saturating_sub(1), false),
                ',' => is_start = true,
                // After a quoted key there need be no space.
                ':' => is_start = true,
                _ if next.is_whitespace() => {}
                _ => is_start = false,
            }
            self.column += next.len_utf8();
            if depth == 0 {
                return self.next_line();
            }
        }
    }

    /// Skips a quoted text, up to its end in a line.
    fn quoted(&mut self) {
        let quote = self.rest().chars().next().unwrap_or('"');
        self.column += 1;
        loop {
            if let Some(length) = closing(self.rest(), quote) {
                self.column += length;
                return;
            }
            if !self.continued() {
                return;
            }
        }
    }

    /// Goes to the next line of what is in brackets or quoted, and notes if it is not indented
    /// enough; `false` if there is none.
    fn continued(&mut self) -> bool {
        self.next_line();
        let Some(line) = self.lines.get(self.line).filter(|line| !is_marker(line)) else {
            return false;
        };
        let needed = self.block.map_or(0, |block| block + 1);
        let missing = needed.saturating_sub(indentation(line));
        if missing > 0 && !line.trim().is_empty() {
            self.short.push((self.line, missing));
        }
        true
    }

    fn is_after_space(&self) -> bool {
        let line = self.lines.get(self.line);
        let before = line.and_then(|line| line.get(..self.column));
        before.is_none_or(|before| before.is_empty() || before.ends_with(char::is_whitespace))
    }
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

/// Whether a document begins or ends at a line.
fn is_marker(line: &str) -> bool {
    let is = |marker| {
        line.strip_prefix(marker)
            .is_some_and(|rest| is_blank(Some(rest)))
    };
    is("---") || is("...")
}

/// Whether what follows is a space, or nothing.
fn is_blank(rest: Option<&str>) -> bool {
    rest.is_none_or(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace))
}

/// How many bytes the key that a text starts with takes, with its colon; `None` if it starts
/// with none.
fn key(text: &str) -> Option<usize> {
    let from = match text.chars().next()? {
        quote @ ('"' | '\'') => 1 + closing(text.get(1..)?, quote)?,
        '{' | '[' | '|' | '>' | '#' => return None,
        _ => 0,
    };
    let rest = text.get(from..)?;
    if from > 0 {
        let spaces = rest.len() - rest.trim_start().len();
        let is_key = rest.trim_start().starts_with(':');
        return is_key.then_some(from + spaces + 1);
    }
    let plain = rest
        .find(" #")
        .map_or(rest, |end| rest.get(..end).unwrap_or(rest));
    let mut colons = plain.match_indices(':');
    let (colon, _) = colons.find(|(at, _)| is_blank(plain.get(at + 1..)))?;
    Some(colon + 1)
}

/// How many bytes there are up to the closing quote, with it; `None` if it is not in the line.
fn closing(text: &str, quote: char) -> Option<usize> {
    let mut characters = text.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        match character {
            '\\' if quote == '"' => drop(characters.next()),
            // Two single quotes are one in the text.
            _ if character == quote => {
                let is_doubled =
                    quote == '\'' && characters.next_if(|(_, next)| *next == quote).is_some();
                if !is_doubled {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::Indented;

    #[test]
    fn only_what_is_in_brackets_or_quoted_is_indented() {
        let cases = [
            ("a: {\n\"b\": 1\n}", Some("a: {\n \"b\": 1\n }")),
            (
                "a:\n  b: [\n 1,\n\n 2 ]\nc: 1",
                Some("a:\n  b: [\n   1,\n\n   2 ]\nc: 1"),
            ),
            ("- - [1,\n2]", Some("- - [1,\n   2]")),
            (
                "a: &x !y {\nb: '}',\n\"c]\": it's }",
                Some("a: &x !y {\n b: '}',\n \"c]\": it's }"),
            ),
            (
                "a: \"b\n\nc\\\"\nd\"\ne: 1",
                Some("a: \"b\n\n c\\\"\n d\"\ne: 1"),
            ),
            ("a: 'b\nit''s\nd'", Some("a: 'b\n it''s\n d'")),
            ("'a': {\nb: 1}", Some("'a': {\n b: 1}")),
            ("a:\n  {\nb: 1}", Some("a:\n  {\n b: 1}")),
            ("a: { # }\nb: 1 }\n", Some("a: { # }\n b: 1 }\n")),
            ("a: [\n\t1 ]", Some("a: [\n \t1 ]")),
            // Texts of other kinds, where spaces may mean something.
            ("a: |\n  {\n b\nc: 1", None),
            ("a: b\n  {c\nd: 1", None),
            ("a:\n  b\n  \"c\nd: 1", None),
            ("# {\na: b {\nc: 1 }\n", None),
            ("a: {b: 1,\n  c: 2}\nd: 1", None),
            ("a: {\n---\nb: 1", None),
            ("a: x # {\nb: 1", None),
            ("{\n\"a\": [\n1]}", None),
            ("", None),
        ];
        for (text, expected) in cases {
            let indented = Indented::new(text).map(|indented| indented.text);
            assert_eq!(indented.as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn a_text_does_not_become_many_times_as_large() {
        let far = " ".repeat(1000);
        let lines = |count| format!("a:\n{far}b: [\n{}]\n", "1,\n".repeat(count));
        assert!(Indented::new(&lines(60)).is_some());
        assert!(Indented::new(&lines(6000)).is_none());
    }

    #[test]
    fn places_are_those_without_the_spaces() {
        let text = "a:\n  b: {\né: 1,\nc: 2 }\nd: 3\n";
        let indented = Indented::new(text).expect("short lines");
        for (byte, character) in indented.text.char_indices() {
            let original = indented.original_byte(byte);
            if character != ' ' {
                assert_eq!(text[original..].chars().next(), Some(character));
            }
        }
        assert_eq!(indented.original_column(3, 4), 1);
        assert_eq!(indented.original_column(5, 4), 4);
    }
}
