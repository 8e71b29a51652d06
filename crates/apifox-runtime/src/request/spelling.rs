//! How a value is spelled: its texts, and the marks that stand between them.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::request::operation::Style;
use crate::value::node::Node;

/// All but what [RFC 3986](https://www.rfc-editor.org/rfc/rfc3986#section-2.3) leaves
/// as it is everywhere in a URL.
pub(crate) const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// What is encoded of a mark in a URL. A raw comma is told from the encoded comma of a
/// text; URLs allow no other mark of OpenAPI's, neither space nor `|`.
pub(super) const MARKS: &AsciiSet = &UNRESERVED.remove(b',').remove(b'=');

/// A value, spelled but not yet encoded for the place where it goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Spelling(Vec<Piece>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    /// Of the value.
    Text(String),
    /// Between texts.
    Mark(char),
}

impl Spelling {
    fn text(text: String) -> Self {
        Self(vec![Piece::Text(text)])
    }

    fn joined(items: impl IntoIterator<Item = Self>, mark: char) -> Self {
        let mut pieces = Vec::new();
        for item in items {
            if !pieces.is_empty() {
                pieces.push(Piece::Mark(mark));
            }
            pieces.extend(item.0);
        }
        Self(pieces)
    }

    /// Whether there is nothing to send: a list of nothing, as OpenAPI's styles have it.
    pub(super) fn is_nothing(&self) -> bool {
        self.0.is_empty()
    }

    /// Percent-encodes what is in `texts` of texts and what is in `marks` of marks.
    pub(super) fn encoded(&self, texts: &'static AsciiSet, marks: &'static AsciiSet) -> String {
        let mut encoded = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Text(text) => encoded.extend(utf8_percent_encode(text, texts)),
                Piece::Mark(mark) => {
                    let mark = mark.to_string();
                    encoded.extend(utf8_percent_encode(&mark, marks));
                }
            }
        }
        encoded
    }

    /// As it is.
    pub(super) fn plain(&self) -> String {
        let mut plain = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Text(text) => plain.push_str(text),
                Piece::Mark(mark) => plain.push(*mark),
            }
        }
        plain
    }
}

/// Spells `value` where one parameter can stand once only: OpenAPI's style `simple`.
pub(super) fn once(style: Style, value: &Node<'_>) -> Spelling {
    match (style, value) {
        (Style::Json, _) => Spelling::text(json(value)),
        (Style::Joined(mark), _) => joined(value, mark),
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

/// Spells `value` where one parameter can stand many times, each with its name.
pub(super) fn pairs(name: &str, style: Style, value: &Node<'_>) -> Vec<(String, Spelling)> {
    let one = |spelling: Spelling| vec![(name.to_owned(), spelling)];
    match (style, value) {
        (Style::Json, _) => one(Spelling::text(json(value))),
        (Style::Joined(mark), _) => match joined(value, mark) {
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

/// Items, or names and values in turn, with `mark` between them.
fn joined(value: &Node<'_>, mark: char) -> Spelling {
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
    Spelling::joined(texts.into_iter().map(Spelling::text), mark)
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
    // A node's keys are strings and its numbers finite, which is all that JSON asks for.
    serde_json::to_string(value).unwrap_or_default()
}
