//! Numbers within limits.

use crate::decode::decoding::Decode;
use crate::validate::bounds::Bounds;
use crate::validate::report::Report;
use crate::value::node::Node;
use crate::value::path::Path;

/// Decodes a number and checks its limits.
#[inline]
pub fn decode_bounded<T: Decode>(
    bounds: &Bounds,
    node: &Node<'_>,
    at: Path<'_>,
    report: &mut Report,
) -> Option<T> {
    match bounds.is_plain_node(node) {
        true => T::decode(node, at, report),
        false => decode_checked(bounds, node, at, report),
    }
}

/// Any other number: compiled once for each type, not once for each place that has it.
#[inline(never)]
fn decode_checked<T: Decode>(
    bounds: &Bounds,
    node: &Node<'_>,
    at: Path<'_>,
    report: &mut Report,
) -> Option<T> {
    let value = T::decode(node, at, report);
    bounds.check(node, at, report).and(value)
}
