//! `enum` and `const`: a closed list of values.

use serde::ser::{Serialize, Serializer};

use crate::node::Node;
use crate::number;
use crate::path::Path;
use crate::report::{Invalid, Report};

/// A value that a schema lists.
#[derive(Clone, Copy, Debug)]
pub enum Constant {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// A string.
    Text(&'static str),
}

impl Constant {
    /// Writes a string as it is, without the quotes of JSON.
    ///
    /// # Errors
    ///
    /// The formatter's.
    pub fn fmt_plain(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Text(text) => f.pad(text),
            other => std::fmt::Display::fmt(other, f),
        }
    }

    fn is(&self, node: &Node<'_>) -> bool {
        match (self, node) {
            (Self::Null, Node::Null) => true,
            (Self::Bool(a), Node::Bool(b)) => a == b,
            (Self::Integer(a), Node::Number(b)) => number::equal(&(*a).into(), b),
            (Self::Text(a), Node::String(b)) => a == b,
            _ => false,
        }
    }
}

impl std::fmt::Display for Constant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(value) => value.fmt(f),
            Self::Integer(value) => value.fmt(f),
            Self::Text(value) => serde_json::Value::from(*value).fmt(f),
        }
    }
}

impl Serialize for Constant {
    #[inline]
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Integer(value) => serializer.serialize_i64(*value),
            Self::Text(value) => serializer.serialize_str(value),
        }
    }
}

/// The one of `all` whose constant, at the same place in `constants`, is `node`.
pub fn choose_node<T: Copy>(all: &[T], constants: &[Constant], node: &Node<'_>) -> Option<T> {
    let place = constants.iter().position(|it| it.is(node));
    place.and_then(|it| all.get(it)).copied()
}

/// The one of `all` whose constant, at the same place in `constants`, reads `text`.
///
/// # Errors
///
/// When there is none.
pub fn choose_text<T: Copy>(all: &[T], constants: &[Constant], text: &str) -> Result<T, Invalid> {
    let (place, report) = place_of_text(constants, text);
    match place.and_then(|it| all.get(it)) {
        Some(chosen) => Ok(*chosen),
        None => Err(report.into_invalid()),
    }
}

// What follows is compiled once, and not once for every list.

/// The place of the constant that is `node`.
pub fn choose(
    constants: &[Constant],
    node: &Node<'_>,
    at: Path<'_>,
    report: &mut Report,
) -> Option<usize> {
    let place = constants.iter().position(|it| it.is(node));
    if place.is_none() && !report.is_silent() {
        let values: Vec<String> = constants.iter().map(ToString::to_string).collect();
        match &values[..] {
            [value] => report.note(at, "const", node, value),
            _ => {
                let expected = format_args!("one of {}", values.join(", "));
                report.note(at, "enum", node, &expected);
            }
        }
    }
    place
}

fn place_of_text(constants: &[Constant], text: &str) -> (Option<usize>, Report) {
    let mut report = Report::default();
    let node = Node::String(text.into());
    let place = choose(constants, &node, Path::ROOT, &mut report);
    (place, report)
}
