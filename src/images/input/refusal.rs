//! Why something can't be a picture of a request.

use std::fmt;
use std::io;

use crate::error::Error;
use crate::images::picture::{HeaderError, ImageFormat};
use crate::stage::Stage;

/// Why something can't be a picture of a request.
#[non_exhaustive]
#[derive(Debug)]
pub enum InputError {
    /// The file can't be read.
    Unreadable(io::Error),
    /// The bytes start as no known format does.
    NoPicture,
    /// The bytes start as this format does, and don't go on as it does.
    Damaged(ImageFormat),
    /// There are more bytes than any API takes.
    TooLong {
        /// How many are read at most.
        limit: u64,
    },
    /// The text is neither a URL that an API could fetch nor a data URI.
    NoUri,
    /// The data URI holds no base64.
    NoBase64,
}

impl InputError {
    pub(super) fn from_header(error: HeaderError) -> Self {
        match error {
            HeaderError::NoPicture => Self::NoPicture,
            HeaderError::Damaged(format) | HeaderError::Cut(format) => Self::Damaged(format),
            HeaderError::Io(error) => Self::Unreadable(error),
        }
    }
}

impl fmt::Display for InputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(error) => write!(f, "can't be read: {error}"),
            Self::NoPicture => f.write_str("is not a PNG, JPEG, WebP, GIF, BMP or TIFF"),
            Self::Damaged(format) => write!(f, "is a {format} that is damaged, or cut short"),
            Self::TooLong { limit } => {
                write!(f, "has more than {limit} bytes, which no API takes")
            }
            Self::NoUri => f.write_str("is neither an http, https or oss URL nor a data URI"),
            Self::NoBase64 => f.write_str("is a data URI without base64"),
        }
    }
}

impl std::error::Error for InputError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Unreadable(error) => Some(error),
            _ => None,
        }
    }
}

impl From<InputError> for Error {
    fn from(error: InputError) -> Self {
        Self::new(Stage::Invalid, format!("the picture {error}")).caused_by(error)
    }
}
