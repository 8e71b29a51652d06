//! Checks that what came is a whole picture, and not larger than is allowed.

use std::io::{self, BufRead, Read as _, Seek};

use apifox_client::excerpt;

use super::settings::{Downloads, Verify};
use crate::error::Error;
use crate::images::picture::{Header, HeaderError, ImageFormat, Reader};
use crate::stage::Stage;

/// Why what came is not the picture.
#[derive(Debug)]
pub(super) enum CheckError {
    /// It is the start of a picture in this format, or nothing at all: the rest may
    /// come another time.
    CutShort(Option<ImageFormat>, Error),
    /// It is something else.
    Other(Error),
}

impl CheckError {
    pub fn into_error(self) -> Error {
        match self {
            Self::CutShort(_, error) | Self::Other(error) => error,
        }
    }
}

impl From<Error> for CheckError {
    fn from(error: Error) -> Self {
        Self::Other(error)
    }
}

/// The format of the picture in `reader`.
pub(super) fn check(
    mut reader: &mut dyn Reader,
    settings: &Downloads,
) -> Result<ImageFormat, CheckError> {
    let header = match Header::read(&mut reader) {
        Ok(header) => header,
        Err(error) => return Err(check_error(&error, &mut reader)),
    };
    let limit = settings.max_pixels;
    if header.pixels() > limit {
        let Header { width, height, .. } = header;
        let message = format!("the picture has {width}x{height} pixels, and {limit} are allowed");
        return Err(refused(message).into());
    }
    if let Err(error) = header.check_end(&mut reader) {
        return Err(check_error(&error, &mut reader));
    }
    match settings.verify {
        Verify::Structure => {}
        #[cfg(feature = "decode")]
        Verify::Decode => {
            crate::images::picture::decode::whole(header.format, reader, limit).map_err(
                |error| {
                    let format = header.format;
                    refused(format!("the {format} that came is damaged: {error}")).caused_by(error)
                },
            )?;
        }
    }
    Ok(header.format)
}

fn refused(message: String) -> Error {
    Error::new(Stage::Download, message)
}

fn check_error(error: &HeaderError, reader: &mut (impl BufRead + Seek)) -> CheckError {
    match error {
        HeaderError::NoPicture => match start(reader) {
            Ok(start) if start.is_empty() => CheckError::CutShort(
                None,
                refused("an empty body came instead of a picture".into()),
            ),
            Ok(start) => refused(format!("what came is not a picture: {}", excerpt(&start))).into(),
            Err(error) => unreadable(&error).into(),
        },
        HeaderError::Damaged(format) => {
            refused(format!("the {format} that came is damaged")).into()
        }
        HeaderError::Cut(format) => {
            let error = refused(format!("the {format} that came ends too early"));
            CheckError::CutShort(Some(*format), error)
        }
        HeaderError::Io(error) => unreadable(error).into(),
    }
}

pub(super) fn unreadable(error: &io::Error) -> Error {
    let message = format!("the picture can't be read back: {error}");
    Error::new(Stage::File, message)
}

/// Enough of what came to tell what it is instead.
fn start(reader: &mut (impl BufRead + Seek)) -> io::Result<Vec<u8>> {
    const ENOUGH: u64 = 512;
    let mut start = Vec::new();
    reader.rewind()?;
    reader.take(ENOUGH).read_to_end(&mut start)?;
    Ok(start)
}
