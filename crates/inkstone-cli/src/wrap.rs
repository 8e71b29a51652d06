//! Wraps text into lines of so many columns of a terminal.

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

/// Characters that do not begin a line, though each could stand alone.
const CLOSING: &str = "，。；：、！？）」』》】”’…])";

/// Characters that do not end a line.
const OPENING: &str = "（「『《【“‘[(";

/// A text, or as many characters of a longer one and "…".
pub fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// The words of `text` in lines of at most `width` columns; a longer word has a line of its
/// own. Chinese is broken between any two characters. A line ends in place of one space, and no
/// other is lost: a text may quote values that differ in nothing else.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    fill(text.split([' ', '\n']).flat_map(parts), width)
}

/// Like [`wrap`], but breaks words that are longer than a line.
pub fn wrap_and_break(text: &str, width: usize) -> Vec<String> {
    let words = text.split(' ').flat_map(parts);
    fill(words.flat_map(|part| pieces(part, width.max(1))), width)
}

/// Lines of messages as a terminal of `width` columns shows them: a line that is too long goes
/// on with its own indentation.
pub fn wrap_lines(text: &str, width: usize) -> String {
    let lines = text.split('\n').map(|line| {
        if line.width() <= width {
            return line.to_owned();
        }
        let words = line.trim_start_matches(' ');
        let indent = " ".repeat(line.len() - words.len());
        let lines = wrap(words, width.saturating_sub(indent.len()).max(1));
        format!("{indent}{}", lines.join(&format!("\n{indent}")))
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// A part of a line that is not broken.
struct Part {
    text: String,
    /// Whether a space stands before it, unless it begins a line.
    is_spaced: bool,
}

/// `text` with spaces behind it, to fill so many columns.
pub fn padded(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(text.width())))
}

/// A word in the parts between which a line may end.
fn parts(word: &str) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let mut is_wide_before = false;
    for c in word.chars() {
        let is_wide = c.width() == Some(2);
        match parts.last_mut() {
            Some(part)
                if !(is_wide || is_wide_before)
                    || CLOSING.contains(c)
                    || part.text.ends_with(|c| OPENING.contains(c)) =>
            {
                part.text.push(c);
            }
            _ => parts.push(Part {
                text: c.into(),
                is_spaced: parts.is_empty(),
            }),
        }
        is_wide_before = is_wide;
    }
    if parts.is_empty() {
        parts.push(Part {
            text: String::new(),
            is_spaced: true,
        });
    }
    parts
}

/// A part in pieces of at most `width` characters.
fn pieces(part: Part, width: usize) -> Vec<Part> {
    let characters: Vec<char> = part.text.chars().collect();
    if characters.len() <= width {
        return vec![part];
    }
    let pieces = characters.chunks(width).enumerate();
    let pieces = pieces.map(|(index, piece)| Part {
        text: piece.iter().collect(),
        is_spaced: part.is_spaced && index == 0,
    });
    pieces.collect()
}

fn fill(parts: impl Iterator<Item = Part>, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut used = 0;
    for part in parts {
        let length = part.text.width();
        let gap = usize::from(part.is_spaced);
        match lines.last_mut() {
            Some(line) if used + gap + length <= width || used == 0 => {
                line.push_str(&" ".repeat(gap));
                line.push_str(&part.text);
                used += gap + length;
            }
            _ => {
                used = length;
                lines.push(part.text);
            }
        }
    }
    if lines.is_empty() {
        lines.push(String::new());
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::{wrap, wrap_and_break, wrap_lines};

    #[test]
    fn lines_are_no_longer_than_asked_for() {
        let cases: [(&str, &[&str]); 4] = [
            ("", &[""]),
            ("a bc def", &["a bc", "def"]),
            ("a abcdefgh b", &["a", "abcde", "fgh b"]),
            ("abcde 1 23", &["abcde", "1 23"]),
        ];
        for (text, lines) in cases {
            assert_eq!(wrap_and_break(text, 5), lines, "{text}");
        }
        assert_eq!(wrap("a abcdefgh b", 5), ["a", "abcdefgh", "b"]);
    }

    #[test]
    fn no_space_is_lost_but_where_a_line_ends() {
        for text in ["a  b", " a", "a ", "a\u{3000}b", "\u{3000}", ""] {
            assert_eq!(wrap(text, 4), [text], "{text:?}");
        }
        assert_eq!(wrap("abc  def", 4), ["abc ", "def"]);
        assert_eq!(wrap("abcd  def", 4), ["abcd", " def"]);
        assert_eq!(wrap("abcd  defg", 4), ["abcd", " defg"]);
        assert_eq!(wrap_lines("  one  two  three", 11), "  one  two \n  three");
    }

    #[test]
    fn chinese_is_broken_by_its_columns_and_not_before_a_full_stop() {
        assert_eq!(wrap("一二三四五", 6), ["一二三", "四五"]);
        assert_eq!(wrap("--size 一二三。", 12), ["--size 一二", "三。"]);
        assert_eq!(wrap("一二。三", 4), ["一", "二。", "三"]);
        assert_eq!(wrap("[一：二三]", 9), ["[一：二", "三]"]);
        assert_eq!(wrap("一二（三）", 6), ["一二", "（三）"]);
    }

    #[test]
    fn a_long_line_goes_on_with_its_own_indentation() {
        let text = "error: a bc\n  short\n  one two three";
        assert_eq!(
            wrap_lines(text, 11),
            "error: a bc\n  short\n  one two\n  three"
        );
    }
}
