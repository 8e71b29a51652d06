//! How a value is written as a parameter: its texts and the separators between them.

use std::borrow::Cow;
use std::collections::BTreeSet;

use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::request::parameters::serialization::{Serialization, Style};
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
const SEPARATORS: &AsciiSet = &UNRESERVED
    .remove(b',')
    .remove(b'=')
    .remove(b';')
    .remove(b'.');

/// What is encoded in a text whose reserved characters stay as they are: also what would end
/// it in a query, or be read as a space, and `'`, which clients encode there.
const RESERVED_IN_QUERY: &AsciiSet = &UNRESERVED
    .remove(b'!')
    .remove(b'$')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b',')
    .remove(b'/')
    .remove(b':')
    .remove(b';')
    .remove(b'=')
    .remove(b'?')
    .remove(b'@');

/// The same in a path, where `/` and `?` would end it.
const RESERVED_IN_PATH: &AsciiSet = &RESERVED_IN_QUERY
    .remove(b'&')
    .remove(b'+')
    .remove(b'\'')
    .add(b'/')
    .add(b'?');

/// What is percent-encoded in a cookie's value: all but the cookie-octets of
/// [RFC 6265](https://www.rfc-editor.org/rfc/rfc6265#section-4.1.1).
const NO_COOKIE: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b',').add(b';').add(b'\\');

/// Why a value can't be written.
pub(crate) type Problem = &'static str;

const NESTED: Problem = "it holds an array or an object in another, which its style can't write";
const AMBIGUOUS: Problem =
    "a text in it has the character that separates its items, and would be read as two";

const LOST: Problem = "a text in it is empty, or starts or ends with a space, which a receiver of \
                       a list would take off";

/// Where a text is written, and with which characters percent-encoded.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Alphabet {
    /// In a path.
    Path,
    /// In a query, or a form.
    Query,
    /// In a cookie.
    Cookie,
    /// In a header, where nothing is encoded.
    Header,
    /// Where nothing is encoded.
    Plain,
}

impl Alphabet {
    fn text(self, text: &str, allow_reserved: bool) -> Cow<'_, str> {
        let set = match (self, allow_reserved) {
            (Self::Path, true) => return encoded_once(text, RESERVED_IN_PATH).into(),
            (Self::Query, true) => return encoded_once(text, RESERVED_IN_QUERY).into(),
            (Self::Cookie, true) => return encoded_once(text, NO_COOKIE).into(),
            (Self::Path | Self::Query | Self::Cookie, false) => UNRESERVED,
            (Self::Header | Self::Plain, _) => return text.into(),
        };
        utf8_percent_encode(text, set).into()
    }

    fn separator(self, separator: char) -> String {
        let separator = separator.to_string();
        match self {
            Self::Path | Self::Query => utf8_percent_encode(&separator, SEPARATORS).to_string(),
            // A comma is none of RFC 6265's cookie-octets, and what OpenAPI writes.
            Self::Cookie | Self::Header | Self::Plain => separator,
        }
    }
}

/// Encodes `text`, but for what is percent-encoded already.
pub(super) fn encoded_once(text: &str, set: &'static AsciiSet) -> String {
    let mut encoded = String::with_capacity(text.len());
    for (at, part) in text.split('%').enumerate() {
        let hex = part.as_bytes().get(..2);
        let is_encoded = hex.is_some_and(|two| two.iter().all(u8::is_ascii_hexdigit));
        if at > 0 {
            encoded.push_str(if is_encoded { "%" } else { "%25" });
        }
        encoded.extend(utf8_percent_encode(part, set));
    }
    encoded
}

/// A value as texts and separators, not yet encoded for its location.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Spelling {
    pieces: Vec<Piece>,
    /// What separates its texts, or would if there were more of them.
    separators: BTreeSet<char>,
    allow_reserved: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    /// Part of the value.
    Text(String),
    /// A separator between texts.
    Separator(char),
}

impl Spelling {
    fn text(text: String) -> Self {
        Self {
            pieces: vec![Piece::Text(text)],
            separators: BTreeSet::new(),
            allow_reserved: false,
        }
    }

    fn joined(items: impl IntoIterator<Item = Self>, separator: char) -> Self {
        let (mut pieces, mut separators) = (Vec::new(), BTreeSet::from([separator]));
        for item in items {
            if !pieces.is_empty() {
                pieces.push(Piece::Separator(separator));
            }
            pieces.extend(item.pieces);
            separators.extend(item.separators);
        }
        Self {
            pieces,
            separators,
            allow_reserved: false,
        }
    }

    /// Whether it may have several texts.
    fn is_list(&self) -> bool {
        !self.separators.is_empty()
    }

    /// Whether there is nothing to send, as for an empty array in OpenAPI's styles.
    pub(crate) fn is_nothing(&self) -> bool {
        self.pieces.is_empty()
    }

    /// As it is written in `alphabet`.
    ///
    /// # Errors
    ///
    /// When a text could not be told from two with a separator between them.
    pub(crate) fn written(&self, alphabet: Alphabet) -> Result<String, Problem> {
        let separators = self.separators.iter();
        let separators: Vec<(char, String)> = separators
            .map(|separator| (*separator, alphabet.separator(*separator)))
            .collect();
        let mut written = String::new();
        let mut before = None;
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => {
                    let text = alphabet.text(text, self.allow_reserved);
                    // Only the first `=` separates a name from its value.
                    let is_value = before == Some('=');
                    let mut separators = separators.iter();
                    if separators.any(|(char, by)| !(is_value && *char == '=') && text.contains(by))
                    {
                        return Err(AMBIGUOUS);
                    }
                    let is_lost = text.is_empty() && !is_value || text.trim_matches(' ') != text;
                    if alphabet == Alphabet::Header && self.is_list() && is_lost {
                        return Err(LOST);
                    }
                    written.push_str(&text);
                }
                Piece::Separator(separator) => {
                    written.push_str(&alphabet.separator(*separator));
                    before = Some(*separator);
                }
            }
        }
        Ok(written)
    }
}

/// A value, taken apart.
enum Parts {
    Scalar(String),
    Items(Vec<String>),
    Members(Vec<(String, String)>),
}

/// Takes a value apart; `null` in an array or an object is left out, as RFC 6570 does.
fn parts(value: &Node<'_>) -> Result<Parts, Problem> {
    Ok(match value {
        Node::Array(items) => {
            let items = items.iter().filter(|item| !matches!(item, Node::Null));
            Parts::Items(items.map(scalar).collect::<Result<_, _>>()?)
        }
        Node::Object(members) => {
            let present = members
                .iter()
                .filter(|(_, value)| !matches!(value, Node::Null));
            let members =
                present.map(|(name, value)| Ok((name.clone().into_owned(), scalar(value)?)));
            Parts::Members(members.collect::<Result<_, Problem>>()?)
        }
        scalar => Parts::Scalar(text(scalar)),
    })
}

fn scalar(value: &Node<'_>) -> Result<String, Problem> {
    match value {
        Node::Array(_) | Node::Object(_) => Err(NESTED),
        scalar => Ok(text(scalar)),
    }
}

/// Writes `value` where a parameter stands once and its name is not beside it: in a path or
/// a header.
///
/// # Errors
///
/// When its style can't write the value, or is one of a query.
pub(crate) fn once(
    name: &str,
    serialization: Serialization,
    value: &Node<'_>,
    alphabet: Alphabet,
) -> Result<Option<String>, Problem> {
    let written = |spelling: &Spelling| spelling.written(alphabet);
    let (before, separator) = match serialization.style {
        Style::Json => return written(&Spelling::text(json(value))).map(Some),
        Style::Matrix => return matrix(name, serialization, value, alphabet),
        Style::Label => (".", if serialization.explode { '.' } else { ',' }),
        Style::Simple => ("", ','),
        Style::Form
        | Style::SpaceDelimited
        | Style::PipeDelimited
        | Style::DeepObject
        | Style::Cookie => {
            return Err("its style is one of a query");
        }
    };
    let mut spelling = match (parts(value)?, serialization.explode) {
        (Parts::Members(members), true) => {
            let members = members.into_iter().map(|(key, value)| {
                Spelling::joined([Spelling::text(key), Spelling::text(value)], '=')
            });
            Spelling::joined(members, separator)
        }
        (parts, _) => joined(parts, separator),
    };
    spelling.allow_reserved = serialization.allow_reserved;
    if spelling.is_nothing() {
        return Ok(None);
    }
    Ok(Some(format!("{before}{}", written(&spelling)?)))
}

/// `;a=1`, and `;a` where there is no more than a name.
fn matrix(
    name: &str,
    serialization: Serialization,
    value: &Node<'_>,
    alphabet: Alphabet,
) -> Result<Option<String>, Problem> {
    let form = Serialization {
        style: Style::Form,
        ..serialization
    };
    let mut written = String::new();
    for (name, spelling) in pairs(name, form, value)? {
        written.push(';');
        written.push_str(&alphabet.text(&name, false));
        let value = spelling.written(alphabet)?;
        if !value.is_empty() {
            written.push('=');
            written.push_str(&value);
        }
    }
    Ok(Some(written).filter(|written| !written.is_empty()))
}

/// Writes `value` where a parameter can occur many times, each with its name.
///
/// # Errors
///
/// When its style can't write the value, or is one of a path.
pub(crate) fn pairs(
    name: &str,
    serialization: Serialization,
    value: &Node<'_>,
) -> Result<Vec<(String, Spelling)>, Problem> {
    let Serialization {
        style,
        explode,
        allow_reserved,
    } = serialization;
    let separator = match style {
        Style::Json => return Ok(vec![(name.to_owned(), Spelling::text(json(value)))]),
        Style::Form | Style::DeepObject | Style::Cookie => ',',
        Style::SpaceDelimited => ' ',
        Style::PipeDelimited => '|',
        Style::Matrix | Style::Label | Style::Simple => {
            return Err("its style is one of a path");
        }
    };
    let each = |(name, value)| (name, Spelling::text(value));
    let mut pairs: Vec<(String, Spelling)> = match (parts(value)?, explode) {
        (Parts::Members(members), _) if style == Style::DeepObject => {
            let members = members.into_iter().map(|(key, value)| match key {
                key if key.contains(['[', ']']) => {
                    Err("a name in it has a bracket, which its style writes around names")
                }
                key => Ok(each((format!("{name}[{key}]"), value))),
            });
            members.collect::<Result<_, _>>()?
        }
        (Parts::Items(_), _) if style == Style::DeepObject => {
            return Err("it is an array, and its style writes objects");
        }
        (Parts::Members(members), true) if matches!(style, Style::Form | Style::Cookie) => {
            members.into_iter().map(each).collect()
        }
        (Parts::Members(_), true) => {
            return Err("it is an object, which its style, exploded, can't write");
        }
        (Parts::Items(items), true) => {
            let items = items.into_iter().map(|item| (name.to_owned(), item));
            items.map(each).collect()
        }
        (parts, _) => {
            let spelling = joined(parts, separator);
            let nothing = spelling.is_nothing();
            let pair = (!nothing).then(|| (name.to_owned(), spelling));
            pair.into_iter().collect()
        }
    };
    for (_, spelling) in &mut pairs {
        spelling.allow_reserved = allow_reserved;
    }
    Ok(pairs)
}

/// Items, or names and values in turn, with `separator` between them.
fn joined(parts: Parts, separator: char) -> Spelling {
    let texts: Vec<String> = match parts {
        Parts::Scalar(text) => return Spelling::text(text),
        Parts::Items(items) => items,
        Parts::Members(members) => members.into_iter().flat_map(<[String; 2]>::from).collect(),
    };
    Spelling::joined(texts.into_iter().map(Spelling::text), separator)
}

/// A string as it is, anything else as JSON.
pub(crate) fn text(value: &Node<'_>) -> String {
    match value {
        Node::String(text) => text.clone().into_owned(),
        _ => json(value),
    }
}

/// `value` as JSON.
pub(crate) fn json(value: &Node<'_>) -> String {
    // A node's keys are strings and its numbers finite, so this can't fail.
    serde_json::to_string(value).unwrap_or_default()
}
