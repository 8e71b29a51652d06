//! The cookies of a request.

use percent_encoding::{AsciiSet, CONTROLS};

use crate::request::error::Unsendable;
use crate::request::operation::Location;
use crate::request::parts::Given;
use crate::request::spelling;
use crate::request::token::is_token;

/// What is percent-encoded in a cookie's value: all but the cookie-octets of
/// [RFC 6265](https://www.rfc-editor.org/rfc/rfc6265#section-4.1.1), and `%` itself.
const NO_COOKIE: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'%')
    .add(b',')
    .add(b';')
    .add(b'\\');

/// The header `cookie`, if there are any cookies.
pub(super) fn write(parameters: &[Given<'_>]) -> Result<Option<(String, String)>, Unsendable> {
    let mut cookies = Vec::new();
    for (parameter, value) in parameters {
        for (name, spelling) in spelling::pairs(parameter.name, parameter.style, value) {
            if !is_token(&name) {
                let problem = format!("`{name}` can't be a cookie's name");
                return Err(Unsendable::parameter(
                    Location::Cookie,
                    parameter.name,
                    problem,
                ));
            }
            cookies.push(format!("{name}={}", spelling.encoded(NO_COOKIE, NO_COOKIE)));
        }
    }
    let header = (!cookies.is_empty()).then(|| ("cookie".to_owned(), cookies.join("; ")));
    Ok(header)
}
