//! The size of a picture as one string, `1920*1080`.

use std::fmt;

use serde::ser::{Serialize, Serializer};

/// A width and a height in pixels, and the character between them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Dimensions {
    pub(crate) width: u64,
    pub(crate) height: u64,
    pub(crate) separator: char,
}

impl Dimensions {
    /// In pixels.
    #[must_use]
    pub const fn width(&self) -> u64 {
        self.width
    }

    /// In pixels.
    #[must_use]
    pub const fn height(&self) -> u64 {
        self.height
    }

    /// The sides that a text states, unless they overflow, and what is between them; `None` where
    /// it is not of that form.
    pub(crate) fn stated(text: &str) -> Option<(Option<(u64, u64)>, char)> {
        let (width, rest) = side(text)?;
        let mut rest = rest.chars();
        let separator = rest.next()?;
        let (height, rest) = side(rest.as_str())?;
        rest.is_empty().then(|| (width.zip(height), separator))
    }

    /// Whether the size is this text.
    pub(crate) fn is(self, text: &str) -> bool {
        Self::stated(text) == Some((Some((self.width, self.height)), self.separator))
    }

    /// The size as its string.
    pub(crate) fn to_text(self) -> String {
        self.write(&mut [0; LONGEST]).to_owned()
    }

    /// Writes the size as its string, at the end of `buffer`.
    fn write<'b>(&self, buffer: &'b mut [u8; LONGEST]) -> &'b str {
        let height = before(LONGEST, self.height, buffer);
        let between = height - self.separator.len_utf8();
        self.separator.encode_utf8(&mut buffer[between..height]);
        let width = before(between, self.width, buffer);
        // Digits on both sides of a character.
        std::str::from_utf8(&buffer[width..]).unwrap_or_default()
    }
}

/// The number that a text begins with, unless it overflows, and the rest.
fn side(text: &str) -> Option<(Option<u64>, &str)> {
    let bytes = text.as_bytes();
    if !matches!(bytes, [b'1'..=b'9', ..]) {
        return None;
    }
    let (mut number, mut length) = (Some(0_u64), 0);
    while let Some(digit @ b'0'..=b'9') = bytes.get(length) {
        let add = |number: u64| number.checked_mul(10)?.checked_add(u64::from(digit - b'0'));
        number = number.and_then(add);
        length += 1;
    }
    Some((number, &text[length..]))
}

/// Writes a number so that it ends before `end`, and returns where it begins.
fn before(end: usize, number: u64, buffer: &mut [u8; LONGEST]) -> usize {
    let (mut at, mut rest) = (end, number);
    loop {
        at -= 1;
        // The last digit: below 10.
        buffer[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            return at;
        }
    }
}

impl Serialize for Dimensions {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.write(&mut [0; LONGEST]))
    }
}

/// The most bytes of a size: two sides of twenty digits, and what is between them.
const LONGEST: usize = 20 + 4 + 20;

impl fmt::Display for Dimensions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.write(&mut [0; LONGEST]))
    }
}
