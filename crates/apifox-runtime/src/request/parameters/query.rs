//! The query of a request.

use percent_encoding::utf8_percent_encode;

use crate::request::error::Unsendable;
use crate::request::operation::Location;
use crate::request::parameters::names::Names;
use crate::request::parameters::spelling::{self, Alphabet, UNRESERVED};
use crate::request::parts::Given;

/// Why a name can't be written.
pub(super) const TAKEN: &str = "a name in it is that of another parameter";

/// Appends `parameters` to `path`, which may have a query already.
pub(crate) fn append(
    path: &mut String,
    parameters: &[Given<'_>],
    mut names: Names<'_>,
) -> Result<(), Unsendable> {
    for (parameter, value) in parameters {
        let refused = |problem| Unsendable::parameter(Location::Query, parameter.name, problem);
        let pairs = spelling::pairs(parameter.name, parameter.serialization, value);
        for (name, spelling) in pairs.map_err(refused)? {
            if !names.claim(parameter.name, &name) {
                return Err(refused(TAKEN));
            }
            path.push_str(separator(path));
            path.extend(utf8_percent_encode(&name, UNRESERVED));
            path.push('=');
            path.push_str(&spelling.written(Alphabet::Query).map_err(refused)?);
        }
    }
    Ok(())
}

/// The names in the query that a path has itself.
pub(crate) fn fixed_names(path: &'static str) -> impl Iterator<Item = &'static str> {
    let (path, _) = path.split_once('#').unwrap_or((path, ""));
    let query = path.split_once('?').map(|(_, query)| query);
    let pairs = query.into_iter().flat_map(|query| query.split('&'));
    pairs.map(|pair| pair.split_once('=').map_or(pair, |(name, _)| name))
}

fn separator(path: &str) -> &'static str {
    match path.split_once('?') {
        None => "?",
        Some((_, query)) if query.is_empty() || query.ends_with('&') => "",
        Some(_) => "&",
    }
}
