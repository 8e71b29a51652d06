//! The headers of a request.

use crate::request::error::Unsendable;
use crate::request::operation::Location;
use crate::request::parameters::spelling::{self, Alphabet};
use crate::request::parts::Given;
use crate::request::token::is_token;

/// The headers that the operation requires, and then those of `parameters`.
pub(crate) fn write(
    constants: &[(&str, &str)],
    parameters: &[Given<'_>],
) -> Result<Vec<(String, String)>, Unsendable> {
    let mut headers = Vec::with_capacity(constants.len() + parameters.len());
    for (name, value) in constants {
        headers.push(checked(name, (*value).to_owned())?);
    }
    for (parameter, value) in parameters {
        let name = parameter.name;
        let written = spelling::once(name, parameter.serialization, value, Alphabet::Header);
        let written =
            written.map_err(|problem| Unsendable::parameter(Location::Header, name, problem))?;
        if let Some(value) = written {
            headers.push(checked(name, value)?);
        }
    }
    Ok(headers)
}

/// A header, unless HTTP could not carry it as it is.
pub(crate) fn checked(name: &str, value: String) -> Result<(String, String), Unsendable> {
    let refused = |problem| Err(Unsendable::parameter(Location::Header, name, problem));
    if !is_token(name) {
        return refused("its name can't be a header's");
    }
    if !value.is_ascii() {
        return refused("it is not ASCII, and HTTP has no encoding for headers");
    }
    if value.bytes().any(|byte| byte.is_ascii_control()) {
        return refused("it has control characters, such as line breaks");
    }
    if value.trim() != value {
        return refused("it starts or ends with a space, which HTTP would take off");
    }
    Ok((name.to_owned(), value))
}
