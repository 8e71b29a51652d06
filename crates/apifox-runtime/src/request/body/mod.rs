//! The body of a request in any media type.

mod boundary;
mod form;
mod multipart;

use crate::request::encoded::Body;
use crate::request::error::Unsendable;
use crate::request::file::{File, NO_FILE};
use crate::request::operation::Media;
use crate::request::spelling::json;
use crate::value::node::Node;

/// Writes `node` as `media`; the members named in `files` are files.
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

/// States the encoding, which receivers would otherwise have to guess.
fn with_charset(media_type: &str) -> String {
    let lower = media_type.to_ascii_lowercase();
    if lower.starts_with("text/") && !lower.contains("charset=") {
        format!("{media_type}; charset=utf-8")
    } else {
        media_type.to_owned()
    }
}

fn binary(media_type: &str, node: &Node<'_>) -> Result<Body, Unsendable> {
    let file = File::from_node(node).ok_or_else(|| Unsendable::body(NO_FILE))?;
    // With `image/*` in the document the file decides.
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
