//! A body as `application/x-www-form-urlencoded`.

use form_urlencoded::Serializer;

use crate::value::node::Node;

use crate::request::encoded::Body;
use crate::request::error::Unsendable;
use crate::request::spelling::text;

/// Writes the members of `node`, and each item of a member that is an array. What is
/// nested deeper is written as JSON; what is `null` is left out.
pub(super) fn write(node: &Node<'_>) -> Result<Body, Unsendable> {
    let Node::Object(members) = node else {
        return Err(Unsendable::body(
            "it is not an object, to be sent as a form",
        ));
    };
    let mut form = Serializer::new(String::new());
    for (name, value) in members {
        for item in items(value) {
            form.append_pair(name, &text(item));
        }
    }
    Ok(Body {
        media_type: "application/x-www-form-urlencoded".into(),
        bytes: form.finish().into_bytes(),
    })
}

/// The fields that a member of a form stands for: an array is many, `null` is none.
pub(super) fn items<'v>(value: &'v Node<'v>) -> impl Iterator<Item = &'v Node<'v>> {
    let items = match value {
        Node::Array(items) => items.as_slice(),
        _ => std::slice::from_ref(value),
    };
    items.iter().filter(|item| !matches!(item, Node::Null))
}
