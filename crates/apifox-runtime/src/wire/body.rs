//! The body of a request, whatever it is sent as.

use crate::endpoint::Media;
use crate::file::File;
use crate::node::Node;

use super::spelling::json;
use super::{Body, Unsendable, form, multipart};

/// Writes `node` as `media`; its members `files` are files.
pub(super) fn write(media: Media, files: &[&str], node: &Node<'_>) -> Result<Body, Unsendable> {
    match media {
        Media::Json => Ok(Body {
            media_type: "application/json".into(),
            bytes: json(node).into_bytes(),
        }),
        Media::Form => form::write(node),
        Media::Multipart => multipart::write(files, node),
        Media::Text(media_type) => text(media_type, node),
        Media::Binary(media_type) => binary(media_type, node),
    }
}

fn text(media_type: &str, node: &Node<'_>) -> Result<Body, Unsendable> {
    let Some(text) = node.as_str() else {
        return Err(Unsendable::body("it is not a string, to be sent as text"));
    };
    Ok(Body {
        media_type: with_charset(media_type),
        bytes: text.as_bytes().to_vec(),
    })
}

/// Names the encoding where a receiver would have to guess, and might not guess UTF-8.
fn with_charset(media_type: &str) -> String {
    let lower = media_type.to_ascii_lowercase();
    if lower.starts_with("text/") && !lower.contains("charset=") {
        format!("{media_type}; charset=utf-8")
    } else {
        media_type.to_owned()
    }
}

fn binary(media_type: &str, node: &Node<'_>) -> Result<Body, Unsendable> {
    let file = file(node).ok_or_else(|| Unsendable::body(NO_FILE))?;
    // A document that says `image/*` leaves it to the file.
    let media_type = if media_type.contains('*') {
        file.media_type()
    } else {
        media_type
    };
    Ok(Body {
        media_type: media_type.to_owned(),
        bytes: file.into_bytes(),
    })
}

/// What is wrong where a file should be.
pub(super) const NO_FILE: &str = "it is not a file, as a data: URI with base64";

/// The file that `node` is the JSON form of.
pub(super) fn file(node: &Node<'_>) -> Option<File> {
    node.as_str()?.parse().ok()
}
