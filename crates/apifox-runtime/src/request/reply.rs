//! Whether a reply has a body, and its texts: its headers, and a body that is text. What a text stands for, its
//! schema decides: `5` is a number where a number is expected, and else a string.

use std::borrow::Cow;

use crate::decode::decoding::Decode;
use crate::request::operation::Check;
use crate::request::parameters::serialization::{Serialization, Style};
use crate::validate::report::{Invalid, Report};
use crate::value::node::Node;

/// Whether no reply to a request with this method has a body, as
/// [RFC 9110](https://www.rfc-editor.org/rfc/rfc9110#section-6.4.1) has it: of `HEAD`, documents
/// list what `GET` would bring.
#[must_use]
pub fn is_bodiless_method(method: &str) -> bool {
    method == "HEAD"
}

/// Whether no reply of this status has a body, as
/// [RFC 9110](https://www.rfc-editor.org/rfc/rfc9110#section-6.4.1) has it, whatever a document
/// says of others.
#[must_use]
pub fn is_bodiless_status(status: u16) -> bool {
    matches!(status, 204 | 205 | 304)
}

/// The headers of a reply, as a type.
///
/// Generated for every reply whose document describes headers.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the type of the headers of a reply",
    label = "no headers are described by this",
    note = "name `ResponseHeaders` of an operation's module, or one by status such as \
            `Response404Headers`; of headers that no document describes there is \
            `headers()`"
)]
pub trait ReplyHeaders: Decode {
    /// The headers, in the document's order.
    const HEADERS: &'static [ReplyHeader];

    /// Reads the headers of a reply; `value` is the value of the header of a name, in any
    /// case. Values of a repeated header are joined with commas.
    ///
    /// # Errors
    ///
    /// Where the headers are not what the document describes.
    fn from_headers(value: impl Fn(&str) -> Option<String>) -> Result<Self, Invalid> {
        let present = Self::HEADERS.iter().filter_map(|header| {
            let text = value(header.name)?;
            Some((Cow::Borrowed(header.name), header.value(&text)))
        });
        Self::decode_root(&Node::Object(present.collect()))
    }
}

/// A header of a reply.
#[derive(Clone, Copy, Debug)]
pub struct ReplyHeader {
    /// Its name.
    pub name: &'static str,
    /// How its value is written.
    pub serialization: Serialization,
    /// Checks its value.
    pub check: Check,
}

impl ReplyHeader {
    /// What `text` stands for.
    fn value(&self, text: &str) -> Node<'static> {
        if self.serialization.style == Style::Json {
            let json = Node::parse(text.as_bytes());
            return json.map_or_else(|_| string(text), Node::into_owned);
        }
        let items = || text.split(',').map(str::trim);
        let pairs: Option<Vec<(&str, &str)>> = match self.serialization.explode {
            true => items().map(|item| item.split_once('=')).collect(),
            false => {
                let items: Vec<&str> = items().collect();
                let pairs = items.chunks(2).map(|pair| match pair {
                    [name, value] => Some((*name, *value)),
                    _ => None,
                });
                pairs.collect()
            }
        };
        let array = |item: fn(&str) -> Node<'static>| match text.trim() {
            "" => Node::Array(Vec::new()),
            _ => Node::Array(items().map(item).collect()),
        };
        let object = |value: fn(&str) -> Node<'static>| {
            let members = pairs.iter().flatten();
            let members = members.map(|(name, text)| (name.trim().to_owned().into(), value(text)));
            Node::Object(members.collect())
        };
        let candidates = [
            string(text),
            scalar(text),
            array(string),
            array(scalar),
            object(string),
            object(scalar),
        ];
        first_that_fits(candidates, self.check)
    }
}

/// Decodes the body of a reply that is text.
///
/// # Errors
///
/// When the text is nothing that a `T` accepts.
pub fn decode_text<T: Decode>(text: &str) -> Result<T, Invalid> {
    T::decode_root(&text_value(text, crate::decode::decoding::check::<T>))
}

/// What a text stands for that `check` is about.
#[must_use]
pub fn text_value(text: &str, check: Check) -> Node<'static> {
    first_that_fits([string(text), scalar(text)], check)
}

/// The first of `candidates` that `check` finds nothing wrong with; or else the first of a
/// right type, which says most of what is wrong.
fn first_that_fits<const N: usize>(candidates: [Node<'static>; N], check: Check) -> Node<'static> {
    let breaks_only = |node: &Node<'_>, is_tolerable: fn(&str) -> bool| {
        let report: Report = check(node);
        let mut violations = report.violations().iter();
        violations.all(|violation| is_tolerable(violation.keyword))
    };
    let fits = candidates.iter().find(|node| breaks_only(node, |_| false));
    let of_type = || {
        candidates
            .iter()
            .find(|node| breaks_only(node, |keyword| keyword != "type"))
    };
    let found = fits.or_else(of_type).or(candidates.first());
    found.cloned().unwrap_or(Node::Null)
}

fn string(text: &str) -> Node<'static> {
    Node::String(text.to_owned().into())
}

/// A number or a boolean, if `text` is the JSON of one.
fn scalar(text: &str) -> Node<'static> {
    match Node::parse(text.trim().as_bytes()) {
        Ok(node @ (Node::Number(_) | Node::Bool(_))) => node.into_owned(),
        _ => string(text),
    }
}
