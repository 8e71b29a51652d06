//! What the first bytes of a picture say: its format and its sides.

use std::io::{self, BufRead, Read, Seek};

use super::end;
use super::format::{self, ImageFormat};
use super::sides;

/// What a picture is read from, whatever it is: decoders are large, and one copy of
/// each does.
pub(crate) trait Reader: BufRead + Seek {}

impl<T: BufRead + Seek> Reader for T {}

/// What the first bytes of a picture say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Header {
    pub format: ImageFormat,
    pub width: u32,
    pub height: u32,
}

/// Why bytes have no header of a picture.
#[derive(Debug)]
pub(crate) enum HeaderError {
    /// They start as no format does.
    NoPicture,
    /// They start as this format does, and go on as it does not.
    Damaged(ImageFormat),
    /// They start as this format does, and end before it does.
    Cut(ImageFormat),
    /// They can't be read.
    Io(io::Error),
}

impl Header {
    pub fn read(reader: &mut (impl Read + Seek)) -> Result<Self, HeaderError> {
        let head = head(reader).map_err(HeaderError::Io)?;
        let format = ImageFormat::from_start(&head).ok_or(HeaderError::NoPicture)?;
        match sides::read(format, reader) {
            Ok(Some((width, height))) if width > 0 && height > 0 => Ok(Self {
                format,
                width,
                height,
            }),
            Ok(_) => Err(HeaderError::Damaged(format)),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                Err(HeaderError::Cut(format))
            }
            Err(error) => Err(HeaderError::Io(error)),
        }
    }

    /// Looks for the end that the format has.
    pub fn check_end(self, reader: &mut (impl BufRead + Seek)) -> Result<(), HeaderError> {
        match end::is_there(self.format, reader) {
            Ok(true) => Ok(()),
            Ok(false) => Err(HeaderError::Cut(self.format)),
            Err(error) => Err(HeaderError::Io(error)),
        }
    }

    pub fn pixels(self) -> u64 {
        u64::from(self.width) * u64::from(self.height)
    }
}

/// As many of the first bytes as tell every format; fewer where there are fewer.
fn head(reader: &mut (impl Read + Seek)) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    reader.rewind()?;
    reader.take(format::HEAD).read_to_end(&mut head)?;
    Ok(head)
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::{Header, HeaderError, ImageFormat};

    fn read(bytes: &[u8]) -> Result<(ImageFormat, u32, u32), HeaderError> {
        let header = Header::read(&mut Cursor::new(bytes))?;
        Ok((header.format, header.width, header.height))
    }

    /// The bytes of hexadecimal digits, with zeros after them.
    fn hex(digits: &str) -> Vec<u8> {
        let digits: String = digits.split_whitespace().collect();
        let mut bytes: Vec<u8> = (0..digits.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(&digits[at..at + 2], 16).expect("hexadecimal"))
            .collect();
        bytes.extend([0; 16]);
        bytes
    }

    use ImageFormat::{Bmp, Gif, Jpeg, Png, Tiff, Webp};

    /// Headers in hexadecimal, and what they say.
    const HEADERS: &[(&str, ImageFormat, u32, u32)] = &[
        (
            "89504e470d0a1a0a 0000000d 49484452 00000140 000000f0",
            Png,
            320,
            240,
        ),
        (
            "ffd8 ffe0 0004 0000 ffc4 0003 00 ff ffc0 0011 08 00f0 0140",
            Jpeg,
            320,
            240,
        ),
        (
            "ffd8 ffff fffe 0002 ff01 ffc2 0011 08 0001 ffff",
            Jpeg,
            65535,
            1,
        ),
        ("474946383961 4001 f000", Gif, 320, 240),
        (
            "424d 00000000 00000000 00000000 28000000 40010000 f0000000",
            Bmp,
            320,
            240,
        ),
        (
            "424d 00000000 00000000 00000000 28000000 40010000 10ffffff",
            Bmp,
            320,
            240,
        ),
        (
            "424d 00000000 00000000 00000000 0c000000 4001 f000",
            Bmp,
            320,
            240,
        ),
        (
            "52494646 00000000 57454250 56503820 00000000 000000 9d012a 4041 f000",
            Webp,
            320,
            240,
        ),
        (
            "52494646 00000000 57454250 5650384c 00000000 2f 3fc13b00",
            Webp,
            320,
            240,
        ),
        (
            "52494646 00000000 57454250 56503858 00000000 00000000 3f0100 ef0000",
            Webp,
            320,
            240,
        ),
        (
            "49492a00 08000000 0200 0001 0300 01000000 40010000 0101 0400 01000000 f0000000",
            Tiff,
            320,
            240,
        ),
        (
            "4d4d002a 00000008 0002 0100 0003 00000001 01400000 0101 0004 00000001 000000f0",
            Tiff,
            320,
            240,
        ),
    ];

    #[test]
    fn headers_say_format_and_sides() {
        for (digits, format, width, height) in HEADERS {
            let found = read(&hex(digits)).expect(digits);
            assert_eq!(found, (*format, *width, *height), "{digits}");
        }
    }

    #[test]
    fn damaged_headers_are_told() {
        let cases = [
            // Another chunk than IHDR.
            "89504e470d0a1a0a 0000000d 49444154 00000140 000000f0",
            // No width.
            "89504e470d0a1a0a 0000000d 49484452 00000000 000000f0",
            "474946383961 0000 f000",
            // Data before a frame, and no marker where one has to be.
            "ffd8 ffda 0002",
            "ffd8 ffe0 0000 0000",
            // A negative width.
            "424d 00000000 00000000 00000000 28000000 ffffffff f0000000",
            "424d 68656c6c6f20776f726c642c2068656c6c6f20776f726c64",
            "52494646 00000000 57454250 41414141",
            "52494646 00000000 57454250 56503820 00000000 000000 000000 4041 f000",
            "49492a00 08000000 0000",
        ];
        for digits in cases {
            let found = read(&hex(digits));
            assert!(
                matches!(found, Err(HeaderError::Damaged(_))),
                "{digits}: {found:?}"
            );
        }
        // A directory behind the end.
        let found = read(&hex("49492a00 ffffffff 0200"));
        assert!(matches!(found, Err(HeaderError::Cut(_))), "{found:?}");
        for bytes in [&b""[..], b"<html>", b"RIFF0000WAVE", b"GIF80a"] {
            assert!(
                matches!(read(bytes), Err(HeaderError::NoPicture)),
                "{bytes:?}"
            );
        }
    }
}
