//! URIs as the crate `url` has them: that is a standard of its own.

use url::Url;

use crate::format::texts::Uri;
use crate::validate::report::Invalid;

impl Uri {
    /// The URL.
    ///
    /// # Errors
    ///
    /// Where it is not a valid URL by the URL Standard, such as `http://a:99999/`.
    pub fn url(&self) -> Result<Url, url::ParseError> {
        Url::parse(self.as_str())
    }
}

impl TryFrom<Uri> for Url {
    type Error = url::ParseError;

    fn try_from(value: Uri) -> Result<Self, url::ParseError> {
        value.url()
    }
}

/// The URL Standard allows characters that RFC 3986 does not.
impl TryFrom<&Url> for Uri {
    type Error = Invalid;

    fn try_from(value: &Url) -> Result<Self, Invalid> {
        value.as_str().parse()
    }
}
