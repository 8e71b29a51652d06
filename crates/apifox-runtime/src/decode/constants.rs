//! Which of a closed list of values an instance is.

use crate::validate::report::{Invalid, Report};
use crate::value::constant::Constant;
use crate::value::node::Node;
use crate::value::path::Path;

/// The one of `all` whose constant, at the same place in `constants`, is `node`.
pub fn constant_of<T: Copy>(all: &[T], constants: &[Constant], node: &Node<'_>) -> Option<T> {
    let place = constants.iter().position(|it| it.is(node));
    place.and_then(|it| all.get(it)).copied()
}

/// The one of `all` whose constant, at the same place in `constants`, reads `text`.
///
/// # Errors
///
/// When there is none.
pub fn parse_constant<T: Copy>(
    all: &[T],
    constants: &[Constant],
    text: &str,
) -> Result<T, Invalid> {
    let (place, report) = place_of_text(constants, text);
    match place.and_then(|it| all.get(it)) {
        Some(chosen) => Ok(*chosen),
        None => Err(report.into_invalid()),
    }
}

// What follows is compiled once, and not once for every list.

/// The place of the constant that is `node`.
pub fn decode_constant(
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
    let place = decode_constant(constants, &node, Path::ROOT, &mut report);
    (place, report)
}
