//! The regions that a sandbox plays: each is a folder of its address, and has a key of its own.

use hyper::Uri;
use hyper::http::request::Parts;
use hyper::http::uri::PathAndQuery;

/// A region, and the only key that it takes.
#[derive(Clone, Debug)]
pub struct Region {
    pub name: String,
    pub key: String,
}

/// Takes the region out of a request's path, and notes it in the request.
pub fn take(regions: &[Region], head: &mut Parts) {
    let path_and_query = head.uri.path_and_query().map_or("/", PathAndQuery::as_str);
    let found = regions.iter().find_map(|region| {
        let rest = path_and_query
            .strip_prefix('/')?
            .strip_prefix(region.name.as_str())?;
        let rest = match rest.chars().next() {
            Some('/') => rest.to_owned(),
            None | Some('?') => format!("/{rest}"),
            Some(_) => return None,
        };
        Some((region.clone(), rest.parse::<Uri>().ok()?))
    });
    if let Some((region, uri)) = found {
        head.uri = uri;
        head.extensions.insert(region);
    }
}
