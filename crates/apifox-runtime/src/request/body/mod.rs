//! The body of a request in any media type.

mod boundary;
mod field;
mod form;
mod multipart;

use self::field::Encodings;
use self::multipart::Multipart;
use crate::request::encoded::Body;
use crate::request::error::Unsendable;
use crate::request::file::{File, NO_FILE};
use crate::request::media_type::{charset, is_within};
use crate::request::operation::{Media, Operation};
use crate::request::parameters::spelling::{self, json};
use crate::value::node::Node;

/// Writes `node` as `media`, the body of a request to `operation`.
pub(super) fn write(
    operation: &Operation,
    media: Media,
    node: &Node<'_>,
) -> Result<Body, Unsendable> {
    let encodings = Encodings(operation.encoding);
    let multipart = |media| Multipart {
        media,
        files: operation.files,
        encodings,
    };
    match media {
        Media::Json => Ok(Body {
            media_type: "application/json".into(),
            bytes: json(node).into_bytes(),
        }),
        Media::Form => form::write(encodings, operation.files, node),
        Media::Multipart => multipart("multipart/form-data").write(node),
        Media::Parts(media) => multipart(media).write(node),
        Media::Text(media_type) => text(media_type, node),
        Media::Sequence(media_type) => sequence(media_type, node),
        Media::Binary(media_type) => binary(media_type, node),
    }
}

fn text(media_type: &str, node: &Node<'_>) -> Result<Body, Unsendable> {
    if matches!(node, Node::Null | Node::Array(_) | Node::Object(_)) {
        let problem = "it is not a string, a number or a boolean, to be sent as text";
        return Err(Unsendable::body(problem));
    }
    Ok(Body {
        media_type: with_charset(media_type),
        bytes: spelling::text(node).into_bytes(),
    })
}

/// The values of an array, each on a line of its own.
fn sequence(media_type: &str, node: &Node<'_>) -> Result<Body, Unsendable> {
    let Node::Array(items) = node else {
        let problem = "it is not an array, to be sent as one value after the other";
        return Err(Unsendable::body(problem));
    };
    // RFC 7464 wants a record separator before each.
    let before = match media_type {
        "application/json-seq" => "\u{1e}",
        "text/event-stream" => "data: ",
        _ => "",
    };
    let after = match media_type {
        "text/event-stream" => "\n\n",
        _ => "\n",
    };
    let lines = items
        .iter()
        .map(|item| format!("{before}{}{after}", json(item)));
    Ok(Body {
        media_type: media_type.to_owned(),
        bytes: lines.collect::<String>().into_bytes(),
    })
}

/// States the encoding, which receivers would otherwise have to guess.
fn with_charset(media_type: &str) -> String {
    if is_within(media_type, "text/*") && charset(media_type).is_none() {
        format!("{media_type}; charset=utf-8")
    } else {
        media_type.to_owned()
    }
}

fn binary(media_type: &str, node: &Node<'_>) -> Result<Body, Unsendable> {
    let file = File::from_node(node).ok_or_else(|| Unsendable::body(NO_FILE))?;
    // With `image/*` in the document the file decides.
    let media_type = if !media_type.contains('*') {
        media_type
    } else if is_within(file.media_type(), media_type) {
        file.media_type()
    } else {
        return Err(Unsendable::body(file.not_allowed(media_type)));
    };
    Ok(Body {
        media_type: media_type.to_owned(),
        bytes: file.into_bytes(),
    })
}
