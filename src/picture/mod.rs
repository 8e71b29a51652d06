//! What do the bytes of a picture say: its format, its sides, and where it ends?

mod end;
mod format;
mod sides;

#[cfg(feature = "decode")]
pub(crate) mod decode;

use std::io::{self, BufRead, Read, Seek};

pub use format::ImageFormat;

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
pub(crate) enum Flaw {
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
    pub fn read(reader: &mut (impl Read + Seek)) -> Result<Self, Flaw> {
        let head = head(reader).map_err(Flaw::Io)?;
        let format = ImageFormat::of(&head).ok_or(Flaw::NoPicture)?;
        match sides::of(format, reader) {
            Ok(Some((width, height))) if width > 0 && height > 0 => Ok(Self {
                format,
                width,
                height,
            }),
            Ok(_) => Err(Flaw::Damaged(format)),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Err(Flaw::Cut(format)),
            Err(error) => Err(Flaw::Io(error)),
        }
    }

    /// Looks for the end that the format has.
    pub fn demand_end(self, reader: &mut (impl BufRead + Seek)) -> Result<(), Flaw> {
        match end::is_there(self.format, reader) {
            Ok(true) => Ok(()),
            Ok(false) => Err(Flaw::Cut(self.format)),
            Err(error) => Err(Flaw::Io(error)),
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
