//! A body as `application/x-www-form-urlencoded`.

use form_urlencoded::Serializer;

use crate::request::encoded::Body;
use crate::request::error::Unsendable;
use crate::request::spelling::text;
use crate::value::node::Node;

/// Writes each member of `node` as a field, and an array as a field for each item. Deeper
/// values are written as JSON; `null` is left out.
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

/// The values of a member's fields: the items of an array, nothing for `null`.
pub(super) fn items<'v>(value: &'v Node<'v>) -> impl Iterator<Item = &'v Node<'v>> {
    let items = match value {
        Node::Array(items) => items.as_slice(),
        _ => std::slice::from_ref(value),
    };
    items.iter().filter(|item| !matches!(item, Node::Null))
}
