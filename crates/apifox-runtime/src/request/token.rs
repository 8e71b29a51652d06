//! Tokens, which the names of headers, cookies and media types are made of
//! ([RFC 9110](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2)).

/// Whether a text is a token of HTTP, as the names of methods and headers are.
#[must_use]
pub fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(is_token_byte)
}

fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}
