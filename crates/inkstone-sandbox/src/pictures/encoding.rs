//! How a reply holds its pictures.

/// The control header that asks for an encoding.
pub const ENCODING_HEADER: &str = "X-Sandbox-Reply";

/// As URLs, or in the reply itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, strum::EnumString)]
pub enum PictureEncoding {
    #[default]
    #[strum(serialize = "url")]
    Url,
    #[strum(serialize = "b64_json")]
    Base64,
}
