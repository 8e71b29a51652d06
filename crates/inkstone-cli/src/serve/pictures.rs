//! `/pictures/…`: the pictures of answered orders, whose names nobody guesses.

use hyper::header::{CACHE_CONTROL, HeaderValue, X_CONTENT_TYPE_OPTIONS};
use hyper::{Response, StatusCode};

use crate::output::sidecar;
use crate::serve::api_error::ApiError;
use crate::serve::http::payload::{Part, Payload};
use crate::serve::reply::reply;
use crate::serve::server::Server;

/// The picture with this name.
pub fn answer(server: &Server, name: &str) -> Result<Response<Payload>, ApiError> {
    let unknown = || {
        let message = "there is no such picture; it may have been removed after a day";
        ApiError::new(StatusCode::NOT_FOUND, "unknown_picture", message)
    };
    let kind = kind(name).ok_or_else(unknown)?;
    let file = Part::file(&server.dispatcher.out.join(name)).map_err(|_| unknown())?;
    let mut response = reply(StatusCode::OK, kind, vec![file]);
    let headers = response.headers_mut();
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(
        CACHE_CONTROL,
        HeaderValue::from_static("private, immutable"),
    );
    Ok(response)
}

/// The type of a picture with this name, which is the name of a file in a folder.
fn kind(name: &str) -> Option<&'static str> {
    let is_safe = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let (stem, ending) = name.rsplit_once('.')?;
    if stem.is_empty() || stem.starts_with('.') || !name.chars().all(is_safe) {
        return None;
    }
    sidecar::media_type(ending)
}

#[cfg(test)]
mod tests {
    use super::kind;

    #[test]
    fn only_pictures_of_the_folder_have_a_type() {
        assert_eq!(kind("20261128-a-0f-1.png"), Some("image/png"));
        for name in [
            "",
            ".png",
            "..png",
            "a",
            "a.json",
            "a.png.json",
            "../orders.sqlite3",
            "../a.png",
            "b/a.png",
            "..%2fa.png",
            ".inkstone-a.png",
        ] {
            assert_eq!(kind(name), None, "{name}");
        }
    }
}
