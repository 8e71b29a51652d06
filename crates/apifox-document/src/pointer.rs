//! JSON pointers ([RFC 6901](https://www.rfc-editor.org/rfc/rfc6901)), and pointers in
//! the fragment of a URI.

use std::borrow::Cow;
use std::fmt::Display;

use apifox_runtime::JsonPointerToken as Token;
use percent_encoding::percent_decode_str;

/// Where [`crate::forms::read`] puts the forms that schemas have in requests, each below the
/// place of the schema that replies use.
pub const REQUEST_FORMS: &str = "/x-request-schemas";

/// The place in the document as it is written, of a place in the document as it was read.
#[must_use]
pub fn written_place(pointer: &str) -> &str {
    let form = pointer.strip_prefix(REQUEST_FORMS);
    form.filter(|rest| rest.starts_with('/')).unwrap_or(pointer)
}

/// Pointers below one.
pub trait JsonPointerExt {
    /// The pointer to a member, by its name, or to an item, by its index, of the value
    /// that this one leads to.
    #[must_use]
    fn child(&self, step: impl Display) -> String;
}

impl JsonPointerExt for str {
    fn child(&self, step: impl Display) -> String {
        let step = step.to_string();
        format!("{self}/{}", Token::new(&step).encoded())
    }
}

/// The names and indexes that a pointer steps through.
pub fn steps(pointer: &str) -> impl Iterator<Item = String> {
    let tokens = pointer.split('/').skip(1);
    tokens.map(|token| match Token::from_encoded(token) {
        Ok(token) => token.decoded().into_owned(),
        // Not an escape: the tilde is kept as it is.
        Err(_) => token.to_owned(),
    })
}

/// A pointer as a URI's fragment that [`decoded`] reads.
#[must_use]
pub fn encoded(pointer: &str) -> String {
    pointer.replace('%', "%25")
}

/// A pointer from a URI's fragment.
#[must_use]
pub fn decoded(fragment: &str) -> String {
    let decoded = percent_decode_str(fragment).decode_utf8();
    decoded.map_or_else(|_| fragment.to_owned(), Cow::into_owned)
}
