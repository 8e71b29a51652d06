//! The characters that the JSON text of a string stands for, without white space.

use std::io::{self, BufRead, Read};

/// Reads base64 out of the text of a JSON string.
pub(crate) struct Unescaped<R>(R);

impl<R: BufRead> Unescaped<R> {
    pub fn new(text: R) -> Self {
        Self(text)
    }

    /// The next byte of the text.
    fn byte(&mut self) -> io::Result<Option<u8>> {
        let byte = self.0.fill_buf()?.first().copied();
        self.0.consume(usize::from(byte.is_some()));
        Ok(byte)
    }

    /// The next character, if it is one of ASCII's: base64 has no other.
    fn character(&mut self) -> io::Result<Option<u8>> {
        match self.byte()? {
            Some(b'\\') => Ok(match self.byte()? {
                Some(b'b') => Some(8),
                Some(b'f') => Some(12),
                Some(b'n') => Some(b'\n'),
                Some(b'r') => Some(b'\r'),
                Some(b't') => Some(b'\t'),
                Some(b'u') => Some(self.code()?),
                other => other,
            }),
            other => Ok(other),
        }
    }

    /// Four digits; a byte that is not ASCII for whatever is not a digit.
    fn code(&mut self) -> io::Result<u8> {
        let mut code = 0;
        for _ in 0..4 {
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
        let cases: [(&str, &[u8]); 7] = [
            ("AAAA", b"AAAA"),
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
            let mut reader = Unescaped::new(text.as_bytes());
            reader.read_to_end(&mut read).expect("read");
            assert_eq!(read, expected, "{text}");
        }
    }
}
