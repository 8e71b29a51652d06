//! A body as `application/x-www-form-urlencoded`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use form_urlencoded::byte_serialize;
use percent_encoding::utf8_percent_encode;

use super::field::{Encodings, TAKEN, Written, items};
use crate::request::encoded::Body;
use crate::request::error::Unsendable;
use crate::request::file::{File, NO_FILE};
use crate::request::parameters::spelling::{Alphabet, UNRESERVED};
use crate::value::node::Node;

/// Writes each member of `node` as a field, and an array as a field for each item, unless
/// the document says otherwise. Deeper values are written as JSON, and the members `files` as
/// base64; `null` is left out.
pub(super) fn write(
    encodings: Encodings,
    files: &[&str],
    node: &Node<'_>,
) -> Result<Body, Unsendable> {
    let Node::Object(members) = node else {
        return Err(Unsendable::body(
            "it is not an object, to be sent as a form",
        ));
    };
    let mut form = String::new();
    let mut names = encodings.names(members);
    for (name, value) in members {
        let value = match files.contains(&name.as_ref()) {
            true => &as_base64(name, value)?,
            false => value,
        };
        match encodings.write(name, value)? {
            Written::Styled(pairs) => {
                for (own, spelling) in pairs {
                    if !names.claim(name, &own) {
                        return Err(Unsendable::new(format!("the body's `{name}`"), TAKEN));
                    }
                    let text = spelling.written(Alphabet::Query).map_err(|problem| {
                        Unsendable::new(format!("the body's `{name}`"), problem)
                    })?;
                    append(&mut form, utf8_percent_encode(&own, UNRESERVED), [&*text]);
                }
            }
            Written::Plain(values) => {
                for (text, _) in values {
                    let text = byte_serialize(text.as_bytes());
                    append(&mut form, byte_serialize(name.as_bytes()), text);
                }
            }
        }
    }
    Ok(Body {
        media_type: "application/x-www-form-urlencoded".into(),
        bytes: form.into_bytes(),
    })
}

/// Files as the texts that stand for their bytes, as
/// [OpenAPI](https://spec.openapis.org/oas/v3.1.1.html#example-url-encoded-form-with-binary-values)
/// has it: a form has no place for a media type or a name.
fn as_base64(name: &str, value: &Node<'_>) -> Result<Node<'static>, Unsendable> {
    let text = |node: &Node<'_>| match File::from_node(node) {
        Some(file) => Ok(Node::String(STANDARD.encode(file.bytes()).into())),
        None => Err(Unsendable::new(format!("the body's `{name}`"), NO_FILE)),
    };
    match value {
        Node::Null => Ok(Node::Null),
        Node::Array(_) => {
            let texts: Result<_, _> = items(value).map(text).collect();
            texts.map(Node::Array)
        }
        file => text(file),
    }
}

fn append<'t>(
    form: &mut String,
    name: impl IntoIterator<Item = &'t str>,
    text: impl IntoIterator<Item = &'t str>,
) {
    if !form.is_empty() {
        form.push('&');
    }
    form.extend(name);
    form.push('=');
    form.extend(text);
}
