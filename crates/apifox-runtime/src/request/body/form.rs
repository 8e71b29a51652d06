//! A body as `application/x-www-form-urlencoded`.

use form_urlencoded::byte_serialize;
use percent_encoding::utf8_percent_encode;

use super::field::{Encodings, TAKEN, Written};
use crate::request::encoded::Body;
use crate::request::error::Unsendable;
use crate::request::parameters::spelling::{Alphabet, UNRESERVED};
use crate::value::node::Node;

/// Writes each member of `node` as a field, and an array as a field for each item, unless
/// the document says otherwise. Deeper values are written as JSON; `null` is left out.
pub(super) fn write(encodings: Encodings, node: &Node<'_>) -> Result<Body, Unsendable> {
    let Node::Object(members) = node else {
        return Err(Unsendable::body(
            "it is not an object, to be sent as a form",
        ));
    };
    let mut form = String::new();
    let mut names = encodings.names(members);
    for (name, value) in members {
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
