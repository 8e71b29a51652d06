//! How a reply holds its pictures.

/// The control header that asks for an encoding.
pub const ENCODING_HEADER: &str = "X-Sandbox-Reply";

/// As URLs, or in the reply itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PictureEncoding {
    #[default]
    Url,
    Base64,
}

impl PictureEncoding {
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "url" => Some(Self::Url),
            "b64_json" => Some(Self::Base64),
            _ => None,
        }
    }
}
