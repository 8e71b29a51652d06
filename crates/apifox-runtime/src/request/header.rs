//! The headers of a request.

use crate::request::error::Unsendable;
use crate::request::operation::Location;
use crate::request::parts::Given;
use crate::request::spelling;
use crate::request::token::is_token;

/// The headers that the operation requires, and then those of `parameters`.
pub(super) fn write(
    constants: &[(&str, &str)],
    parameters: &[Given<'_>],
) -> Result<Vec<(String, String)>, Unsendable> {
    let constants = constants
        .iter()
        .map(|(name, value)| (*name, (*value).to_owned()));
    let parameters = parameters
        .iter()
        .map(|(parameter, value)| (parameter.name, spelling::once(parameter.style, value)))
        .filter(|(_, spelling)| !spelling.is_nothing())
        .map(|(name, spelling)| (name, spelling.plain()));
    constants
        .chain(parameters)
        .map(|(name, value)| checked(name, value))
        .collect()
}

fn checked(name: &str, value: String) -> Result<(String, String), Unsendable> {
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
