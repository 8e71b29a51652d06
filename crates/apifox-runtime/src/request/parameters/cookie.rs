//! The cookies of a request.

use percent_encoding::{AsciiSet, CONTROLS};

use crate::request::error::Unsendable;
use crate::request::operation::Location;
use crate::request::parameters::names::Names;
use crate::request::parameters::query::TAKEN;
use crate::request::parameters::spelling::{self, Alphabet};
use crate::request::parts::Given;
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
pub(crate) fn write(
    parameters: &[Given<'_>],
    mut names: Names<'_>,
) -> Result<Option<(String, String)>, Unsendable> {
    let mut cookies = Vec::new();
    for (parameter, value) in parameters {
        let refused =
            |problem: String| Unsendable::parameter(Location::Cookie, parameter.name, problem);
        let pairs = spelling::pairs(parameter.name, parameter.serialization, value);
        for (name, spelling) in pairs.map_err(|problem| refused(problem.into()))? {
            if !is_token(&name) {
                return Err(refused(format!("`{name}` can't be a cookie's name")));
            }
            if !names.claim(parameter.name, &name) {
                return Err(refused(TAKEN.into()));
            }
            let written = spelling.written(Alphabet::Cookie(NO_COOKIE));
            let written = written.map_err(|problem| refused(problem.into()))?;
            cookies.push(format!("{name}={written}"));
        }
    }
    let header = (!cookies.is_empty()).then(|| ("cookie".to_owned(), cookies.join("; ")));
    Ok(header)
}
