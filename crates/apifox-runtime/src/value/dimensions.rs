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
