//! A file in a body: its bytes, its media type and its name.

mod data_uri;
mod image_format;

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use serde::ser::{Serialize, Serializer};

use self::data_uri::DataUri;
use crate::decode::decoding::Decode;
use crate::validate::report::{Invalid, Report};
use crate::value::json_view::{JsonRef, JsonView};
use crate::value::node::Node;
use crate::value::path::Path;

/// What is asked of a string that stands for a file.
const EXPECTED: &str = "a file as a data: URI with base64";

/// What is wrong with a body or a part that should be a file.
pub(crate) const NO_FILE: &str = "it is not a file, as a data: URI with base64";

/// A file in a multipart or binary body.
///
/// Its JSON form is a `data:` URI with base64, in which the name stands as a
/// parameter: `data:image/png;name=cat.png;base64,AAAA`.
///
/// ```
/// use apifox_runtime::File;
///
/// let file = File::new(*b"\x89PNG\r\n\x1a\n").with_name("cat.png");
/// assert_eq!(file.media_type(), "image/png");
/// assert_eq!(
///     serde_json::to_string(&file)?,
///     r#""data:image/png;name=cat.png;base64,iVBORw0KGgo=""#
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct File(DataUri);

impl File {
    /// A file without a name. Of PNG, JPEG, GIF, WebP, BMP and TIFF the first bytes
    /// tell the media type; of anything else it is `application/octet-stream`.
    #[must_use]
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        let bytes = bytes.into();
        let media_type = image_format::media_type(&bytes).unwrap_or("application/octet-stream");
        Self(DataUri {
            media_type: media_type.to_owned(),
            name: None,
            bytes,
        })
    }

    /// The file that `node` is the JSON form of.
    pub(crate) fn from_node(node: &Node<'_>) -> Option<Self> {
        data_uri::read(node.as_str()?).map(Self)
    }

    /// The same file with this name; with none where `name` is empty.
    #[must_use]
    pub fn with_name(mut self, name: impl Into<String>) -> Self {
        self.0.name = Some(name.into()).filter(|name| !name.is_empty());
        self
    }

    /// The same file as one of `media_type`, such as `image/png` or
    /// `text/plain;charset=utf-8`.
    ///
    /// # Errors
    ///
    /// When `media_type` isn't two tokens around a `/`, with parameters that are
    /// tokens as well, or has a parameter called `name`.
    pub fn with_media_type(mut self, media_type: &str) -> Result<Self, Invalid> {
        if !data_uri::is_media_type(media_type) {
            return Err(invalid(media_type, "a media type"));
        }
        media_type.clone_into(&mut self.0.media_type);
        Ok(self)
    }

    /// The media type, with its parameters.
    #[must_use]
    pub fn media_type(&self) -> &str {
        &self.0.media_type
    }

    /// The name, which is never empty.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.0.name.as_deref()
    }

    /// The bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0.bytes
    }

    /// The bytes, given away.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.0.bytes
    }

    /// The JSON form: a `data:` URI with base64.
    #[must_use]
    pub fn to_data_uri(&self) -> String {
        data_uri::write(&self.0)
    }

    /// The name that the file goes by in a multipart body: its own or, since many a
    /// server takes a part without one for no file, one that fits its media type.
    pub(crate) fn sent_name(&self) -> Cow<'_, str> {
        match (&self.0.name, image_format::ending(&self.0.media_type)) {
            (Some(name), _) => Cow::Borrowed(name),
            (None, Some(ending)) => Cow::Owned(format!("file.{ending}")),
            (None, None) => Cow::Borrowed("file"),
        }
    }
}

/// Reads a `data:` URI with base64.
impl FromStr for File {
    type Err = Invalid;

    fn from_str(uri: &str) -> Result<Self, Invalid> {
        data_uri::read(uri)
            .map(Self)
            .ok_or_else(|| invalid(uri, EXPECTED))
    }
}

fn invalid(text: &str, expected: &str) -> Invalid {
    let mut report = Report::default();
    let nothing = report.violation(Path::ROOT, "format", &Node::String(text.into()), expected);
    // The violation alone comes out of it: there is no value to go with it.
    match report.conclude::<std::convert::Infallible>(nothing) {
        Err(invalid) => invalid,
        Ok(never) => match never {},
    }
}

impl Decode for File {
    fn decode(node: &Node<'_>, at: Path<'_>, report: &mut Report) -> Option<Self> {
        let Node::String(uri) = node else {
            return report.wrong_type(at, node, EXPECTED);
        };
        data_uri::read(uri)
            .map(Self)
            .or_else(|| report.violation(at, "format", node, EXPECTED))
    }
}

impl Serialize for File {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_data_uri())
    }
}

crate::impl_deserialize! { File }

impl JsonView for File {
    fn as_json(&self) -> JsonRef<'_> {
        JsonRef::String(Cow::Owned(self.to_data_uri()))
    }
}

/// Says how many bytes there are, never which.
impl fmt::Debug for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("File")
            .field("media_type", &self.0.media_type)
            .field("name", &self.0.name)
            .field("bytes", &format_args!("{} bytes", self.0.bytes.len()))
            .finish()
    }
}
