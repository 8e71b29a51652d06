//! Base64 as it may be written: in the text of a JSON string, in lines, in the alphabet of URLs, or
//! encoded once more as in a URL. It comes out in the one alphabet, without white space.

use std::io::{self, BufRead, Read};

use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// What was paid for is not lost for want of a `=`.
pub(crate) const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// Reads base64 out of a text.
pub(crate) struct Unescaped<R> {
    text: R,
    /// Whether it is the text of a JSON string, with its escapes.
    is_json: bool,
}

impl<R: BufRead> Unescaped<R> {
    /// Reads the text of a JSON string.
    pub fn json(text: R) -> Self {
        Self {
            text,
            is_json: true,
        }
    }

    /// Reads what such a text stands for.
    pub fn plain(text: R) -> Self {
        Self {
            text,
            is_json: false,
        }
    }

    /// The next byte of the text.
    fn byte(&mut self) -> io::Result<Option<u8>> {
        let byte = self.text.fill_buf()?.first().copied();
        self.text.consume(usize::from(byte.is_some()));
        Ok(byte)
    }

    /// The next character of base64's own alphabet, whatever it is written as.
    fn character(&mut self) -> io::Result<Option<u8>> {
        Ok(match self.written()? {
            Some(b'%') => Some(self.code(2)?),
            written => written,
        }
        .map(|character| match character {
            b'-' => b'+',
            b'_' => b'/',
            other => other,
        }))
    }

    /// The next character, if it is one of ASCII's: base64 has no other.
    fn written(&mut self) -> io::Result<Option<u8>> {
        match self.byte()? {
            Some(b'\\') if self.is_json => Ok(match self.byte()? {
                Some(b'b') => Some(8),
                Some(b'f') => Some(12),
                Some(b'n') => Some(b'\n'),
                Some(b'r') => Some(b'\r'),
                Some(b't') => Some(b'\t'),
                Some(b'u') => Some(self.code(4)?),
                other => other,
            }),
            other => Ok(other),
        }
    }

    /// So many digits; a byte that is not ASCII for whatever is not a digit.
    fn code(&mut self, digits: u32) -> io::Result<u8> {
        let mut code = 0;
        for _ in 0..digits {
            let digit = self.byte()?.and_then(|byte| char::from(byte).to_digit(16));
            code = digit.map_or(u32::MAX, |digit| {
                code.saturating_mul(16).saturating_add(digit)
            });
        }
        Ok(u8::try_from(code).unwrap_or(u8::MAX))
    }
}

impl<R: BufRead> Read for Unescaped<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut length = 0;
        while length < buffer.len() {
            match self.character()? {
                Some(space) if space.is_ascii_whitespace() => {}
                Some(character) => {
                    buffer[length] = character;
                    length += 1;
                }
                None => break,
            }
        }
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::Unescaped;

    #[test]
    fn escapes_are_undone_and_white_space_is_gone() {
        let cases: [(&str, &[u8]); 10] = [
            ("AAAA", b"AAAA"),
            ("A-_A", b"A+/A"),
            (r"A%2B%2fA%3D%0a", b"A+/A="),
            ("A%2", b"A\xff"),
            (r"A\/A\r\nA A\t", b"A/AAA"),
            (r"\u0041\u002b\u002F\u000a", b"A+/"),
            // None of them is base64, and none is passed over.
            (r"\u732b\b\f", b"\xff\x08"),
            (r#"\"\\"#, b"\"\\"),
            (r"\uZZ41", b"\xff"),
            (r"A\u00", b"A\xff"),
        ];
        for (text, expected) in cases {
            let mut read = Vec::new();
            let mut reader = Unescaped::json(text.as_bytes());
            reader.read_to_end(&mut read).expect("read");
            assert_eq!(read, expected, "{text}");
        }
    }
}
