//! A file in a body: its bytes, its media type and its name.

pub(crate) mod data_uri;
mod file_uri;
mod image_format;

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use serde::ser::{Serialize, Serializer};

use self::file_uri::FileUri;
use crate::decode::decoding::Decode;
use crate::validate::report::{Invalid, Report};
use crate::value::json_view::{JsonRef, JsonView};
use crate::value::node::Node;
use crate::value::path::Path;

/// What a string has to be that stands for a file.
const EXPECTED: &str = "a file as a data: URI with base64";

/// What is wrong with a body or a part that should be a file.
pub(crate) const NO_FILE: &str = "it is not a file, as a data: URI with base64";

/// A file in a multipart or binary body.
///
/// Its JSON form is a `data:` URI with base64, with the name as a parameter: `data:image/png;name=cat.png;base64,AAAA`.
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
pub struct File(FileUri);

impl File {
    /// A file without a name. Of PNG, JPEG, GIF, WebP, BMP and TIFF the first bytes
    /// tell the media type; of anything else it is `application/octet-stream`.
    #[must_use]
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        let bytes = bytes.into();
        let media_type = image_format::media_type(&bytes).unwrap_or("application/octet-stream");
        Self(FileUri {
            media_type: media_type.to_owned(),
            name: None,
            bytes,
        })
    }

    /// The file whose JSON form is `node`.
    pub(crate) fn from_node(node: &Node<'_>) -> Option<Self> {
        file_uri::read(node.as_str()?).map(Self)
    }

    /// What is wrong with a file where only these media types are allowed.
    pub(crate) fn not_allowed(&self, allowed: &str) -> String {
        let found = self.media_type();
        format!("its media type is {found}, and the document allows only {allowed}")
    }

    /// The same file with another name, or without one where `name` is empty.
    #[must_use]
    pub fn with_name(mut self, name: impl Into<String>) -> Self {
        self.0.name = Some(name.into()).filter(|name| !name.is_empty());
        self
    }

    /// The same file with another media type, such as `image/png` or
    /// `text/plain;charset=utf-8`.
    ///
    /// # Errors
    ///
    /// When `media_type` isn't two tokens around a `/`, with parameters that are
    /// tokens as well, or has a parameter called `name`.
    pub fn with_media_type(mut self, media_type: &str) -> Result<Self, Invalid> {
        if !file_uri::is_media_type(media_type) {
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

    /// The bytes, without copying them.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.0.bytes
    }

    /// The JSON form: a `data:` URI with base64.
    #[must_use]
    pub fn to_data_uri(&self) -> String {
        file_uri::write(&self.0)
    }

    /// The file's name in a multipart body: its own, or one that fits its media type. Many
    /// servers don't take a part without a name for a file.
    pub(crate) fn sent_name(&self) -> Cow<'_, str> {
        match (&self.0.name, image_format::extension(&self.0.media_type)) {
            (Some(name), _) => Cow::Borrowed(name),
            (None, Some(extension)) => Cow::Owned(format!("file.{extension}")),
            (None, None) => Cow::Borrowed("file"),
        }
    }
}

/// Reads a `data:` URI with base64.
impl FromStr for File {
    type Err = Invalid;

    fn from_str(uri: &str) -> Result<Self, Invalid> {
        file_uri::read(uri)
            .map(Self)
            .ok_or_else(|| invalid(uri, EXPECTED))
    }
}

fn invalid(text: &str, expected: &str) -> Invalid {
    let mut report = Report::default();
    let nothing = report.violation(Path::ROOT, "format", &Node::String(text.into()), expected);
    // There is no value, so only the violation can come of it.
    match report.conclude::<std::convert::Infallible>(nothing) {
        Err(invalid) => invalid,
        Ok(never) => match never {},
    }
}

impl Decode for File {
    const IS_COMPOSITE: bool = false;

    fn decode(node: &Node<'_>, at: Path<'_>, report: &mut Report) -> Option<Self> {
        let Node::String(uri) = node else {
            return report.wrong_type(at, node, EXPECTED);
        };
        file_uri::read(uri)
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

/// Shows how many bytes there are, but not the bytes.
impl fmt::Debug for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("File")
            .field("media_type", &self.0.media_type)
            .field("name", &self.0.name)
            .field("bytes", &format_args!("{} bytes", self.0.bytes.len()))
            .finish()
    }
}
