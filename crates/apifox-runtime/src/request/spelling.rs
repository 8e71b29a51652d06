//! How a value is written as a parameter: its texts and the separators between them.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::request::operation::Style;
use crate::value::node::Node;

/// All but the unreserved characters of
/// [RFC 3986](https://www.rfc-editor.org/rfc/rfc3986#section-2.3).
pub(crate) const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Which separators are encoded in a URL. A raw comma differs from the encoded comma of a
/// text; OpenAPI's other separators, space and `|`, are not allowed in URLs.
pub(super) const SEPARATORS: &AsciiSet = &UNRESERVED.remove(b',').remove(b'=');

/// A value as texts and separators, not yet encoded for its location.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Spelling(Vec<Piece>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    /// Part of the value.
    Text(String),
    /// A separator between texts.
    Separator(char),
}

impl Spelling {
    fn text(text: String) -> Self {
        Self(vec![Piece::Text(text)])
    }

    fn joined(items: impl IntoIterator<Item = Self>, separator: char) -> Self {
        let mut pieces = Vec::new();
        for item in items {
            if !pieces.is_empty() {
                pieces.push(Piece::Separator(separator));
            }
            pieces.extend(item.0);
        }
        Self(pieces)
    }

    /// Whether there is nothing to send, as for an empty array in OpenAPI's styles.
    pub(super) fn is_nothing(&self) -> bool {
        self.0.is_empty()
    }

    /// Percent-encodes the characters `texts` in texts and `separators` in separators.
    pub(super) fn encoded(
        &self,
        texts: &'static AsciiSet,
        separators: &'static AsciiSet,
    ) -> String {
        let mut encoded = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Text(text) => encoded.extend(utf8_percent_encode(text, texts)),
                Piece::Separator(separator) => {
                    let separator = separator.to_string();
                    encoded.extend(utf8_percent_encode(&separator, separators));
                }
            }
        }
        encoded
    }

    /// Without encoding.
    pub(super) fn plain(&self) -> String {
        let mut plain = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Text(text) => plain.push_str(text),
                Piece::Separator(separator) => plain.push(*separator),
            }
        }
        plain
    }
}

/// Writes `value` where a parameter can occur only once: OpenAPI's style `simple`.
pub(super) fn once(style: Style, value: &Node<'_>) -> Spelling {
    match (style, value) {
        (Style::Json, _) => Spelling::text(json(value)),
        (Style::Joined(separator), _) => joined(value, separator),
        (_, Node::Object(members)) => {
            let members = present(members).map(|(key, value)| {
                let member = [Spelling::text(key.to_owned()), Spelling::text(text(value))];
                Spelling::joined(member, '=')
            });
            Spelling::joined(members, ',')
        }
        _ => joined(value, ','),
    }
}

/// Writes `value` where a parameter can occur many times, each with its name.
pub(super) fn pairs(name: &str, style: Style, value: &Node<'_>) -> Vec<(String, Spelling)> {
    let one = |spelling: Spelling| vec![(name.to_owned(), spelling)];
    match (style, value) {
        (Style::Json, _) => one(Spelling::text(json(value))),
        (Style::Joined(separator), _) => match joined(value, separator) {
            nothing if nothing.is_nothing() => Vec::new(),
            spelling => one(spelling),
        },
        (_, Node::Array(items)) => items
            .iter()
            .filter(|item| !matches!(item, Node::Null))
            .map(|item| (name.to_owned(), Spelling::text(text(item))))
            .collect(),
        (_, Node::Object(members)) => present(members)
            .map(|(key, value)| {
                let name = match style {
                    Style::DeepObject => format!("{name}[{key}]"),
                    _ => key.to_owned(),
                };
                (name, Spelling::text(text(value)))
            })
            .collect(),
        _ => one(Spelling::text(text(value))),
    }
}

/// Items, or names and values in turn, with `separator` between them.
fn joined(value: &Node<'_>, separator: char) -> Spelling {
    let texts: Vec<String> = match value {
        Node::Array(items) => items
            .iter()
            .filter(|item| !matches!(item, Node::Null))
            .map(text)
            .collect(),
        Node::Object(members) => present(members)
            .flat_map(|(key, value)| [key.to_owned(), text(value)])
            .collect(),
        _ => vec![text(value)],
    };
    Spelling::joined(texts.into_iter().map(Spelling::text), separator)
}

/// The members that are not `null`.
fn present<'m>(
    members: &'m [(std::borrow::Cow<'_, str>, Node<'_>)],
) -> impl Iterator<Item = (&'m str, &'m Node<'m>)> {
    members
        .iter()
        .filter(|(_, value)| !matches!(value, Node::Null))
        .map(|(key, value)| (key.as_ref(), value))
}

/// A string as it is, anything else as JSON.
pub(super) fn text(value: &Node<'_>) -> String {
    match value {
        Node::String(text) => text.clone().into_owned(),
        _ => json(value),
    }
}

/// `value` as JSON.
pub(super) fn json(value: &Node<'_>) -> String {
    // A node's keys are strings and its numbers finite, so this can't fail.
    serde_json::to_string(value).unwrap_or_default()
}
