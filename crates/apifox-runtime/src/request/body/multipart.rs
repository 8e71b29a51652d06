//! A body as `multipart/form-data` ([RFC 7578](https://www.rfc-editor.org/rfc/rfc7578)).

use std::fmt::Write as _;

use crate::request::body::boundary::boundary;
use crate::request::body::form::items;
use crate::request::encoded::Body;
use crate::request::error::Unsendable;
use crate::request::file::{File, NO_FILE};
use crate::request::spelling::{json, text};
use crate::value::node::Node;

/// A part: its headers and its content.
struct Part {
    head: String,
    content: Vec<u8>,
}

/// Writes each member of `node` as a part, and an array as a part for each item; members
/// named in `files` are files. Deeper values are written as JSON; `null` is left out.
pub(super) fn write(files: &[&str], node: &Node<'_>) -> Result<Body, Unsendable> {
    let Node::Object(members) = node else {
        return Err(Unsendable::body(
            "it is not an object, to be sent as a form",
        ));
    };
    let mut parts = Vec::new();
    for (name, value) in members {
        let is_file = files.contains(&name.as_ref());
        for item in items(value) {
            parts.push(if is_file {
                file_part(name, item)?
            } else {
                plain_part(name, item)
            });
        }
    }
    Ok(assembled(&parts))
}

fn file_part(name: &str, node: &Node<'_>) -> Result<Part, Unsendable> {
    let subject = || format!("the body's `{name}`");
    let file = File::from_node(node).ok_or_else(|| Unsendable::new(subject(), NO_FILE))?;
    let mut head = disposition(name);
    // Writing to a string can't fail.
    let _ = write!(head, "; filename=\"{}\"", escaped(&file.sent_name()));
    let _ = write!(head, "\r\nContent-Type: {}", file.media_type());
    Ok(Part {
        head,
        content: file.into_bytes(),
    })
}

fn plain_part(name: &str, node: &Node<'_>) -> Part {
    let mut head = disposition(name);
    let content = match node {
        Node::Array(_) | Node::Object(_) => {
            head.push_str("\r\nContent-Type: application/json");
            json(node)
        }
        _ => text(node),
    };
    Part {
        head,
        content: content.into_bytes(),
    }
}

fn disposition(name: &str) -> String {
    format!("Content-Disposition: form-data; name=\"{}\"", escaped(name))
}

/// As browsers write names: UTF-8, with quotes and line breaks encoded. So are other
/// control characters here, which most servers refuse in a header.
fn escaped(name: &str) -> String {
    let mut escaped = String::with_capacity(name.len());
    for char in name.chars() {
        if char == '"' || char.is_ascii_control() {
            let _ = write!(escaped, "%{:02X}", u32::from(char));
        } else {
            escaped.push(char);
        }
    }
    escaped
}

fn assembled(parts: &[Part]) -> Body {
    let texts = parts
        .iter()
        .flat_map(|part| [part.head.as_bytes(), part.content.as_slice()]);
    let boundary = boundary(texts);
    let mut bytes = Vec::new();
    for Part { head, content } in parts {
        bytes.extend_from_slice(format!("--{boundary}\r\n{head}\r\n\r\n").as_bytes());
        bytes.extend_from_slice(content);
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    Body {
        media_type: format!("multipart/form-data; boundary={boundary}"),
        bytes,
    }
}
