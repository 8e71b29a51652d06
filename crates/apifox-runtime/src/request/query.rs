//! The query of a request.

use percent_encoding::utf8_percent_encode;

use crate::request::parts::Given;
use crate::request::spelling::{self, SEPARATORS, UNRESERVED};

/// Appends `parameters` to `path`, which may have a query already.
pub(super) fn append(path: &mut String, parameters: &[Given<'_>]) {
    for (parameter, value) in parameters {
        for (name, spelling) in spelling::pairs(parameter.name, parameter.style, value) {
            path.push_str(separator(path));
            path.extend(utf8_percent_encode(&name, UNRESERVED));
            path.push('=');
            path.push_str(&spelling.encoded(UNRESERVED, SEPARATORS));
        }
    }
}

fn separator(path: &str) -> &'static str {
    match path.split_once('?') {
        None => "?",
        Some((_, query)) if query.is_empty() || query.ends_with('&') => "",
        Some(_) => "&",
    }
}
