//! A picture that goes into a request, and what is known of it.

use std::fmt;
use std::fs::File;
use std::io::{Cursor, Read as _};
use std::path::Path;

use apifox_runtime::DataUri;
use base64::engine::general_purpose::STANDARD;
use base64::read::DecoderReader;

use super::input_error::InputError;
use crate::images::picture::{Header, ImageFormat};

/// The most bytes of a picture that is read: three times what any API takes.
const LONGEST: u64 = 64 << 20;

/// A picture to be sent: a URL, or the picture itself as a data URI.
///
/// ```no_run
/// use inkstone::InputImage;
/// use inkstone::gateway::qwen_image_edit_2509::Request;
///
/// # fn make() -> Result<(), Box<dyn std::error::Error>> {
/// let image = InputImage::from_path("cat.jpg")?;
/// let request = Request::new("give it a hat".to_owned(), image.into_uri().parse()?);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct InputImage {
    uri: String,
    pub(super) facts: Option<Facts>,
}

/// What is known of a picture that is in the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Facts {
    pub header: Header,
    pub bytes: u64,
}

impl InputImage {
    /// The picture that `given` names as one would on a command line: by a URL, a
    /// data URI, or else a path.
    ///
    /// # Errors
    ///
    /// As [`from_path`](Self::from_path) and [`from_uri`](Self::from_uri).
    pub fn find(given: &str) -> Result<Self, InputError> {
        match given.contains("://") || DataUri::is_data_uri(given) {
            true => Self::from_uri(given),
            false => Self::from_path(given),
        }
    }

    /// The picture in a file.
    ///
    /// # Errors
    ///
    /// When it can't be read, or is not a whole picture.
    pub fn from_path(path: impl AsRef<Path>) -> Result<Self, InputError> {
        let mut bytes = Vec::new();
        // A path may also lead to a device, which has no end.
        File::open(path)
            .and_then(|file| file.take(LONGEST + 1).read_to_end(&mut bytes))
            .map_err(InputError::Unreadable)?;
        Self::from_bytes(&bytes)
    }

    /// The picture that these bytes are.
    ///
    /// # Errors
    ///
    /// When they are not a whole picture: one that goes on to where its format ends.
    pub fn from_bytes(bytes: impl AsRef<[u8]>) -> Result<Self, InputError> {
        let bytes = bytes.as_ref();
        let facts = Facts::read(bytes)?;
        Ok(Self {
            uri: DataUri::encode(facts.header.format.media_type(), bytes),
            facts: Some(facts),
        })
    }

    /// The picture at a URL (`http`, `https`, or `oss` for DashScope), which is
    /// left to the API to fetch; or the one in a data URI. What no URL has as it is, such as
    /// Chinese characters, is encoded as browsers do it, except for `oss`.
    ///
    /// # Errors
    ///
    /// When `uri` is neither, or its data is not a whole picture.
    pub fn from_uri(uri: &str) -> Result<Self, InputError> {
        let (uri, facts) = match DataUri::is_data_uri(uri) {
            true => (uri.to_owned(), Some(Facts::read(&decoded(uri)?)?)),
            false => (url(uri).ok_or(InputError::NoUri)?, None),
        };
        Ok(Self { uri, facts })
    }

    /// What requests take: the URL, or the data URI.
    #[must_use]
    pub fn as_uri(&self) -> &str {
        &self.uri
    }

    /// What requests take: the URL, or the data URI.
    #[must_use]
    pub fn into_uri(self) -> String {
        self.uri
    }

    /// The format, unless the picture lies elsewhere.
    #[must_use]
    pub fn format(&self) -> Option<ImageFormat> {
        self.facts.map(|facts| facts.header.format)
    }

    /// Width and height, unless the picture lies elsewhere.
    #[must_use]
    pub fn sides(&self) -> Option<(u32, u32)> {
        let header = self.facts?.header;
        Some((header.width, header.height))
    }

    /// How many bytes the picture has, unless it lies elsewhere.
    #[must_use]
    pub fn size(&self) -> Option<u64> {
        self.facts.map(|facts| facts.bytes)
    }
}

impl Facts {
    fn read(bytes: &[u8]) -> Result<Self, InputError> {
        let length = bytes.len() as u64;
        if length > LONGEST {
            return Err(InputError::TooLong { limit: LONGEST });
        }
        let header = Header::read(&mut Cursor::new(bytes)).map_err(InputError::from_header)?;
        let end = header.check_end(&mut Cursor::new(bytes));
        end.map_err(InputError::from_header)?;
        Ok(Self {
            header,
            bytes: length,
        })
    }
}

/// The bytes in a data URI: not more than are read.
fn decoded(uri: &str) -> Result<Vec<u8>, InputError> {
    let uri = DataUri::parse(uri).ok_or(InputError::NoBase64)?;
    // Four characters are three bytes, or at the end one or two.
    if uri.base64.len() as u64 / 4 * 3 > LONGEST + 2 {
        return Err(InputError::TooLong { limit: LONGEST });
    }
    let mut bytes = Vec::new();
    DecoderReader::new(uri.base64.as_bytes(), &STANDARD)
        .take(LONGEST + 1)
        .read_to_end(&mut bytes)
        .map_err(|_| InputError::NoBase64)?;
    Ok(bytes)
}

/// A URL, as it is written where that can be.
fn url(text: &str) -> Option<String> {
    let url = url::Url::parse(text).ok().filter(url::Url::has_host)?;
    let is_plain = || text.bytes().all(|byte| byte.is_ascii_graphic());
    match url.scheme() {
        "http" | "https" if !is_plain() => Some(url.into()),
        "http" | "https" | "oss" => Some(text.to_owned()),
        _ => None,
    }
}

impl From<InputImage> for String {
    fn from(image: InputImage) -> Self {
        image.uri
    }
}

impl fmt::Debug for InputImage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("InputImage");
        match &self.facts {
            None => debug.field("uri", &self.uri),
            // A picture in a log helps nobody.
            Some(facts) => debug.field("facts", facts),
        };
        debug.finish_non_exhaustive()
    }
}
