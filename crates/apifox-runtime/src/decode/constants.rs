//! `enum` and `const`: which of the listed values an instance is.

use crate::validate::listing::one_of;
use crate::validate::report::{Invalid, Report};
use crate::value::constant::Constant;
use crate::value::node::Node;
use crate::value::path::Path;

/// The value in `all` whose constant, at the same index of `constants`, is `text`.
///
/// # Errors
///
/// When no constant is.
pub fn parse_constant<T: Copy>(
    all: &[T],
    constants: &[Constant],
    text: &str,
) -> Result<T, Invalid> {
    let (index, report) = index_of_text(constants, text);
    match index.and_then(|index| all.get(index)) {
        Some(chosen) => Ok(*chosen),
        None => Err(report.into_invalid()),
    }
}

/// The index of the constant that is `node`.
#[inline]
pub fn decode_constant(
    constants: &[Constant],
    node: &Node<'_>,
    at: Path<'_>,
    report: &mut Report,
) -> Option<usize> {
    let index = match constants {
        // The compiler knows what to compare with.
        [only] => only.is(node).then_some(0),
        _ => index_of(constants, node),
    };
    if index.is_none() {
        report_constants(constants, node, at, report);
    }
    index
}

#[inline(never)]
fn index_of(constants: &[Constant], node: &Node<'_>) -> Option<usize> {
    constants.iter().position(|constant| constant.is(node))
}

/// Reports that `node` is none of the constants.
#[cold]
fn report_constants(constants: &[Constant], node: &Node<'_>, at: Path<'_>, report: &mut Report) {
    if report.ignores_violations() {
        return;
    }
    match constants {
        [value] => report.record(at, "const", node, value),
        _ => report.record(at, "enum", node, &one_of(constants.iter())),
    }
}

fn index_of_text(constants: &[Constant], text: &str) -> (Option<usize>, Report) {
    let mut report = Report::default();
    let node = Node::String(text.into());
    let index = decode_constant(constants, &node, Path::ROOT, &mut report);
    (index, report)
}
