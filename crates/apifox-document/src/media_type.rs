//! Media types as documents write them.

pub use apifox_runtime::media_type::{charset, plain};

use apifox_runtime::media_type::parameters;

/// What a body is sent as that is described as `media`: without the encoding of its text, which is
/// UTF-8 whatever a document says, and without a boundary, which each request has of its own.
#[must_use]
pub fn sent(media: &str) -> String {
    let mut sent = plain(media);
    for parameter in parameters(media) {
        let name = parameter.split('=').next().unwrap_or_default().trim();
        let is_own = ["charset", "boundary"].map(|own| name.eq_ignore_ascii_case(own));
        if !is_own.contains(&true) {
            sent.push_str("; ");
            sent.push_str(parameter);
        }
    }
    sent
}

#[cfg(test)]
mod tests {
    use super::{charset, sent};

    #[test]
    fn parameters_are_kept_but_for_the_transports() {
        for (media, expected) in [
            ("application/json", "application/json"),
            ("Application/JSON;V=2", "application/json; V=2"),
            (
                "text/csv; header=present; charset=GBK",
                "text/csv; header=present",
            ),
            (
                "multipart/related; boundary=x ;start=\"<a;b>\"",
                "multipart/related; start=\"<a;b>\"",
            ),
            ("a/b;", "a/b"),
            ("json", "json"),
        ] {
            assert_eq!(sent(media), expected, "{media}");
        }
        assert_eq!(
            charset("text/plain; Charset=\"UTF-8\"").as_deref(),
            Some("utf-8")
        );
        assert_eq!(charset("text/plain; a=\"; charset=x\""), None);
    }
}
