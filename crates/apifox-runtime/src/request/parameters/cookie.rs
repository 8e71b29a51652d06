//! The cookies of a request.

use crate::request::error::Unsendable;
use crate::request::operation::Location;
use crate::request::parameters::names::Names;
use crate::request::parameters::query::TAKEN;
use crate::request::parameters::serialization::Style;
use crate::request::parameters::spelling::{self, Alphabet};
use crate::request::parts::Given;
use crate::request::token::is_token;

/// The header `cookie`, if there are any cookies.
pub(crate) fn write(
    parameters: &[Given<'_>],
    mut names: Names<'_>,
) -> Result<Option<(String, String)>, Unsendable> {
    let mut cookies = Vec::new();
    for (parameter, value) in parameters {
        let refused =
            |problem: String| Unsendable::parameter(Location::Cookie, parameter.name, problem);
        let alphabet = match parameter.serialization.style {
            // Whoever gives the value has it escaped as the receiver wants it.
            Style::Cookie | Style::Json => Alphabet::Plain,
            _ => Alphabet::Cookie,
        };
        let pairs = spelling::pairs(parameter.name, parameter.serialization, value);
        for (name, spelling) in pairs.map_err(|problem| refused(problem.into()))? {
            if !is_token(&name) {
                return Err(refused(format!("`{name}` can't be a cookie's name")));
            }
            if !names.claim(parameter.name, &name) {
                return Err(refused(TAKEN.into()));
            }
            let written = spelling.written(alphabet);
            let written = written.map_err(|problem| refused(problem.into()))?;
            if let Some(problem) = cookie_problem(&written) {
                return Err(refused(problem.into()));
            }
            cookies.push(format!("{name}={written}"));
        }
    }
    let header = (!cookies.is_empty()).then(|| ("cookie".to_owned(), cookies.join("; ")));
    Ok(header)
}

/// Why a receiver would not read this as the value of one cookie. Characters that RFC 6265 does
/// not want, such as commas, may be what the receiver expects.
fn cookie_problem(value: &str) -> Option<&'static str> {
    if value.contains(';') {
        return Some(
            "it has a semicolon, which ends a cookie: percent-encode it, if the API decodes that",
        );
    }
    if value.trim() != value {
        return Some("it starts or ends with a space, which is no part of a cookie");
    }
    let is_plain = |byte: u8| byte.is_ascii_graphic() || byte == b' ';
    match value.bytes().all(is_plain) {
        true => None,
        false => Some("it has characters that no cookie can hold: encode them as the API expects"),
    }
}
