//! Is what came a picture, and no larger than is allowed?

use std::io::{self, BufRead, Read as _, Seek};

use super::settings::{Downloads, Verify};
use crate::error::{Error, Stage, excerpt};
use crate::picture::{Flaw, Header, ImageFormat};

/// The format of the picture in `reader`.
pub(super) fn check(
    mut reader: impl BufRead + Seek,
    settings: &Downloads,
) -> Result<ImageFormat, Error> {
    let header = match Header::read(&mut reader) {
        Ok(header) => header,
        Err(flaw) => return Err(flawed(&flaw, &mut reader)),
    };
    let limit = settings.max_pixels;
    if header.pixels() > limit {
        let Header { width, height, .. } = header;
        return Err(refused(format!(
            "the picture has {width}x{height} pixels, and {limit} are allowed"
        )));
    }
    match settings.verify {
        Verify::Header => {}
        #[cfg(feature = "decode")]
        Verify::Decode => {
            crate::picture::decode::whole(header.format, reader, limit).map_err(|error| {
                let format = header.format;
                refused(format!("the {format} that came is damaged: {error}")).caused_by(error)
            })?;
        }
    }
    Ok(header.format)
}

fn refused(message: String) -> Error {
    Error::new(Stage::Download, message)
}

fn flawed(flaw: &Flaw, reader: &mut (impl BufRead + Seek)) -> Error {
    match flaw {
        Flaw::NoPicture => match start(reader) {
            Ok(start) if start.is_empty() => refused("an empty body came, and no picture".into()),
            Ok(start) => refused(format!("what came is no picture: {}", excerpt(&start))),
            Err(error) => unreadable(&error),
        },
        Flaw::Damaged(format) => {
            refused(format!("the {format} that came is damaged, or cut short"))
        }
        Flaw::Io(error) => unreadable(error),
    }
}

fn unreadable(error: &io::Error) -> Error {
    Error::new(
        Stage::File,
        format!("the picture can't be read back: {error}"),
    )
}

/// Enough of what came to tell what it is instead.
fn start(reader: &mut (impl BufRead + Seek)) -> io::Result<Vec<u8>> {
    const ENOUGH: u64 = 512;
    let mut start = Vec::new();
    reader.rewind()?;
    reader.take(ENOUGH).read_to_end(&mut start)?;
    Ok(start)
}
