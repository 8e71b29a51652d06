//! Why something can't be a picture of a request.

use std::io;

use crate::error::Error;
use crate::images::picture::{HeaderError, ImageFormat};
use crate::stage::Stage;

/// Why something can't be a picture of a request.
#[non_exhaustive]
#[derive(Debug, thiserror::Error)]
pub enum InputError {
    /// The file can't be read.
    #[error("can't be read: {0}")]
    Unreadable(#[source] io::Error),
    /// The bytes start as no known format does.
    #[error("is not a PNG, JPEG, WebP, GIF, BMP or TIFF")]
    NoPicture,
    /// The bytes start as this format does, and don't go on as it does.
    #[error("is a {0} that is damaged, or cut short")]
    Damaged(ImageFormat),
    /// There are more bytes than any API takes.
    #[error("has more than {limit} bytes, which no API takes")]
    TooLong {
        /// How many are read at most.
        limit: u64,
    },
    /// The text is neither a URL that an API could fetch nor a data URI.
    #[error("is neither an http, https or oss URL nor a data URI")]
    NoUri,
    /// The data URI holds no base64.
    #[error("is a data URI without base64")]
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

impl From<InputError> for Error {
    fn from(error: InputError) -> Self {
        Self::new(Stage::Invalid, format!("the picture {error}")).caused_by(error)
    }
}
