//! The query of a request.

use percent_encoding::utf8_percent_encode;

use crate::request::error::Unsendable;
use crate::request::operation::Location;
use crate::request::parameters::spelling::{self, Alphabet, UNRESERVED};
use crate::request::parts::Given;

/// Appends `parameters` to `path`, which may have a query already.
pub(crate) fn append(path: &mut String, parameters: &[Given<'_>]) -> Result<(), Unsendable> {
    for (parameter, value) in parameters {
        let refused = |problem| Unsendable::parameter(Location::Query, parameter.name, problem);
        let pairs = spelling::pairs(parameter.name, parameter.serialization, value);
        for (name, spelling) in pairs.map_err(refused)? {
            let is_other = |(other, _): &Given<'_>| other.name == name && *other != *parameter;
            if parameters.iter().any(is_other) {
                return Err(refused("a name in it is that of another parameter"));
            }
            path.push_str(separator(path));
            path.extend(utf8_percent_encode(&name, UNRESERVED));
            path.push('=');
            path.push_str(&spelling.written(Alphabet::Query).map_err(refused)?);
        }
    }
    Ok(())
}

fn separator(path: &str) -> &'static str {
    match path.split_once('?') {
        None => "?",
        Some((_, query)) if query.is_empty() || query.ends_with('&') => "",
        Some(_) => "&",
    }
}
