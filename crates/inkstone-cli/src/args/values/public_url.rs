//! Where others reach a server of this program, as people give it.

use std::str::FromStr;

use tr::tr;
use url::Url;

/// The address of what stands in front of a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl {
    /// Without a slash at its end.
    pub text: String,
    pub host: String,
}

impl FromStr for PublicUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || tr!("not an address: give it as in https://pictures.example.com");
        let url = Url::parse(text.trim()).map_err(|_| wrong())?;
        let is_web = matches!(url.scheme(), "http" | "https");
        let is_plain = url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none();
        match url.host_str() {
            Some(host) if is_web && is_plain => Ok(Self {
                text: url.as_str().trim_end_matches('/').to_owned(),
                host: host.to_owned(),
            }),
            _ => Err(wrong()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::PublicUrl;

    #[test]
    fn an_address_has_a_host_and_maybe_a_path() {
        let cases = [
            ("https://a.example", "https://a.example", "a.example"),
            ("https://A.example/", "https://a.example", "a.example"),
            (
                " https://a.example:8443/b/ ",
                "https://a.example:8443/b",
                "a.example",
            ),
            ("http://[::1]:80/b", "http://[::1]/b", "[::1]"),
        ];
        for (given, text, host) in cases {
            let expected = PublicUrl {
                text: text.to_owned(),
                host: host.to_owned(),
            };
            assert_eq!(given.parse(), Ok(expected), "{given}");
        }
        let wrong = [
            "a.example",
            "ftp://a.example",
            "https://",
            "https://me:secret@a.example",
            "https://a.example/?b",
            "https://a.example/#b",
        ];
        for given in wrong {
            let told = "not an address: give it as in https://pictures.example.com";
            assert_eq!(given.parse::<PublicUrl>(), Err(told.to_owned()), "{given}");
        }
    }
}
