//! Takes bytes apart as JSON would be, whatever they are.

use std::borrow::Cow;

use memchr::memchr2;

/// A part of a text that should be JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Token<'a> {
    /// `{` or `[`.
    Open(u8),
    /// `}` or `]`.
    Close(u8),
    /// The name of a member: a string before a colon.
    Name(Text<'a>),
    /// Any other string.
    Text(Text<'a>),
    /// A number, a word, or anything else that is not a string.
    Scalar(&'a [u8]),
}

impl Token<'_> {
    /// Whether it is a value, or a name: what a limit on values counts.
    #[must_use]
    pub fn is_value(&self) -> bool {
        !matches!(self, Self::Close(_))
    }
}

/// A string, as it stands in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text<'a> {
    /// What stands between the quotes.
    pub raw: &'a [u8],
    /// Whether its end is there.
    pub is_whole: bool,
}

/// The parts of a text, in its order.
#[derive(Clone, Debug)]
pub struct Tokens<'a>(&'a [u8]);

impl<'a> Tokens<'a> {
    /// The parts of `text`.
    #[must_use]
    pub fn new(text: &'a [u8]) -> Self {
        Self(text)
    }

    fn take(&mut self, length: usize) -> &'a [u8] {
        let (taken, rest) = self.0.split_at(length.min(self.0.len()));
        self.0 = rest;
        taken
    }

    /// The rest of a string, past its first quote.
    fn text(&mut self) -> Text<'a> {
        let rest = self.0;
        let mut at = 0;
        while let Some(found) = memchr2(b'"', b'\\', &rest[at.min(rest.len())..]) {
            if rest[at + found] == b'"' {
                let raw = self.take(at + found);
                self.take(1);
                return Text {
                    raw,
                    is_whole: true,
                };
            }
            at += found + 2;
        }
        Text {
            raw: self.take(rest.len()),
            is_whole: false,
        }
    }

    fn is_before_colon(&self) -> bool {
        let mut rest = self.0.iter();
        rest.find(|byte| !byte.is_ascii_whitespace()) == Some(&b':')
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        const MARK: &[u8] = b"\xef\xbb\xbf";
        loop {
            let first = *self.0.first()?;
            match first {
                b'{' | b'[' => {
                    self.take(1);
                    return Some(Token::Open(first));
                }
                b'}' | b']' => {
                    self.take(1);
                    return Some(Token::Close(first));
                }
                b'"' => {
                    self.take(1);
                    let text = self.text();
                    return Some(match self.is_before_colon() {
                        true => Token::Name(text),
                        false => Token::Text(text),
                    });
                }
                b',' | b':' => drop(self.take(1)),
                _ if first.is_ascii_whitespace() => drop(self.take(1)),
                _ if self.0.starts_with(MARK) => drop(self.take(MARK.len())),
                _ => {
                    let is_end =
                        |byte: &u8| b"{}[],:\"".contains(byte) || byte.is_ascii_whitespace();
                    let end = self.0.iter().position(is_end);
                    return Some(Token::Scalar(self.take(end.unwrap_or(self.0.len()))));
                }
            }
        }
    }
}

impl<'a> Text<'a> {
    /// The characters that it stands for. What stands for none is replaced by U+FFFD.
    #[must_use]
    pub fn decode(&self) -> Cow<'a, str> {
        let text = String::from_utf8_lossy(self.raw);
        match text.contains('\\') {
            true => Cow::Owned(unescaped(&text)),
            false => text,
        }
    }
}

fn unescaped(text: &str) -> String {
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        decoded.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix('u') {
            let (character, left) = code_point(after);
            decoded.push(character);
            rest = left;
            continue;
        }
        let Some(escape) = rest.chars().next() else {
            break;
        };
        decoded.push(match escape {
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            other => other,
        });
        rest = &rest[escape.len_utf8()..];
    }
    decoded + rest
}

/// The character whose digits stand at the start of a text, and what follows.
fn code_point(text: &str) -> (char, &str) {
    let Some((unit, rest)) = unit(text) else {
        return (char::REPLACEMENT_CHARACTER, text);
    };
    let low = rest.strip_prefix("\\u").and_then(self::unit);
    if let (0xd800..=0xdbff, Some((low @ 0xdc00..=0xdfff, rest))) = (unit, low) {
        let code = 0x10000 + ((u32::from(unit) - 0xd800) << 10) + (u32::from(low) - 0xdc00);
        let character = char::from_u32(code);
        return (character.unwrap_or(char::REPLACEMENT_CHARACTER), rest);
    }
    let character = char::from_u32(u32::from(unit));
    (character.unwrap_or(char::REPLACEMENT_CHARACTER), rest)
}

fn unit(text: &str) -> Option<(u16, &str)> {
    let digits = text.get(..4)?;
    let is_hex = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    let unit = u16::from_str_radix(digits, 16).ok().filter(|_| is_hex)?;
    Some((unit, &text[4..]))
}

#[cfg(test)]
mod tests {
    use super::{Text, Token, Tokens};

    #[test]
    fn strings_stand_for_what_json_says_and_for_something_in_any_case() {
        let cases: [(&[u8], &str); 9] = [
            (b"a", "a"),
            (br#"\"\\\/\b\f\n\r\t"#, "\"\\/\u{8}\u{c}\n\r\t"),
            (br"\u0041\u732b", "A\u{732b}"),
            (br"\ud83d\ude00!", "\u{1f600}!"),
            (br"\ud83d", "\u{fffd}"),
            (br"\ude00\ud83dx", "\u{fffd}\u{fffd}x"),
            (br"\u12", "\u{fffd}12"),
            (b"a\xffb", "a\u{fffd}b"),
            (br"a\", "a"),
        ];
        for (raw, expected) in cases {
            let text = Text {
                raw,
                is_whole: true,
            };
            assert_eq!(text.decode(), expected, "{raw:?}");
        }
    }

    #[test]
    fn a_string_without_its_end_is_known_as_one() {
        for (text, is_whole) in [
            (r#""a""#, true),
            (r#""a"#, false),
            (r#""a\""#, false),
            (r#""a\\""#, true),
            (r#"""#, false),
            (r#""\"#, false),
        ] {
            let token = Tokens::new(text.as_bytes()).next();
            let found = match &token {
                Some(Token::Text(found)) => Some(found.is_whole),
                _ => None,
            };
            assert_eq!(found, Some(is_whole), "{text}: {token:?}");
        }
    }
}
