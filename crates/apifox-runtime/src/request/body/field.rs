//! What a form's field is sent as: its pairs of name and text, or its media type.

use std::borrow::Cow;

use crate::request::error::Unsendable;
use crate::request::media_type::is_json;
use crate::request::operation::FieldEncoding;
use crate::request::parameters::names::Names;
use crate::request::parameters::spelling::{Spelling, json, pairs, text};
use crate::value::node::Node;

/// Why a name can't be written.
pub(super) const TAKEN: &str = "a name in it is that of another field";

/// How a form's fields are written, where the document says so.
#[derive(Clone, Copy)]
pub(super) struct Encodings(pub &'static [FieldEncoding]);

/// What is sent for a field.
pub(super) enum Written {
    /// Texts with the names that its style gives them.
    Styled(Vec<(String, Spelling)>),
    /// A text for each of its values, with its media type where that is not plain text.
    Plain(Vec<(String, Option<String>)>),
}

impl Encodings {
    pub fn of(self, name: &str) -> Option<&'static FieldEncoding> {
        self.0.iter().find(|encoding| encoding.name == name)
    }

    /// The names that the fields of a form may be written under: of those that are given, and
    /// of those that the document tells of.
    pub fn names<'n>(self, given: &'n [(Cow<'n, str>, Node<'n>)]) -> Names<'n> {
        let given = given.iter().map(|(name, _)| name.as_ref());
        Names::new(self.0.iter().map(|encoding| encoding.name).chain(given))
    }

    /// What is sent for the field `name`, which holds `value`; nothing for `null`.
    pub fn write(self, name: &str, value: &Node<'_>) -> Result<Written, Unsendable> {
        let encoding = self.of(name);
        if let Some(serialization) = encoding.and_then(|encoding| encoding.serialization) {
            let pairs = match value {
                Node::Null => Ok(Vec::new()),
                value => pairs(name, serialization, value),
            };
            return pairs
                .map(Written::Styled)
                .map_err(|problem| Unsendable::field(name, problem));
        }
        let listed = encoding.map(|encoding| encoding.media).unwrap_or_default();
        // A range such as `text/*` is nothing that a value could be sent as.
        let media = listed.iter().copied().find(|media| !media.contains('*'));
        let values = items(value).map(|item| match media {
            Some(media) => Ok((described(item, media)?, Some(media.to_owned()))),
            None => Ok(undescribed(item)),
        });
        let values: Result<_, String> = values.collect();
        values
            .map(Written::Plain)
            .map_err(|problem| Unsendable::field(name, problem))
    }
}

/// A value as the document wants it.
fn described(value: &Node<'_>, media: &str) -> Result<String, String> {
    let is_array = matches!(value, Node::Array(_));
    match value {
        value if is_json(media) => Ok(json(value)),
        Node::Array(_) | Node::Object(_) => {
            let kind = if is_array { "an array" } else { "an object" };
            Err(format!(
                "it is {kind}, and its media type is {media}, which is not JSON"
            ))
        }
        scalar => Ok(text(scalar)),
    }
}

/// A value of which the document says nothing: as JSON where text can't hold it.
fn undescribed(value: &Node<'_>) -> (String, Option<String>) {
    let media =
        matches!(value, Node::Array(_) | Node::Object(_)).then(|| "application/json".into());
    (text(value), media)
}

/// The values of a field: the items of an array, nothing for `null`.
pub(super) fn items<'v>(value: &'v Node<'v>) -> impl Iterator<Item = &'v Node<'v>> {
    let items = match value {
        Node::Array(items) => items.as_slice(),
        _ => std::slice::from_ref(value),
    };
    items.iter().filter(|item| !matches!(item, Node::Null))
}
