//! The rules of 64-bit integers.

use crate::validate::bounds::{MAXIMUM, MINIMUM, MULTIPLE_OF};
use crate::validate::report::{Invalid, Report};
use crate::value::node::Node;
use crate::value::number::{is_integer, whole};
use crate::value::path::Path;

/// `minimum` and `maximum` of a 64-bit integer, both inclusive, and `multipleOf`.
#[derive(Clone, Copy, Debug)]
pub struct BoundedInt {
    /// The smallest value allowed.
    pub minimum: i64,
    /// The largest value allowed.
    pub maximum: i64,
    /// What the value has to be a multiple of; 1 where it doesn't matter.
    pub multiple_of: u64,
}

impl BoundedInt {
    /// Checks the integer `node`.
    #[inline]
    pub fn check(&self, node: &Node<'_>, at: Path<'_>, report: &mut Report) -> Option<i64> {
        match self.plain(node) {
            Some(value) => Some(value),
            None => self.check_slowly(node, at, report),
        }
    }

    fn check_slowly(&self, node: &Node<'_>, at: Path<'_>, report: &mut Report) -> Option<i64> {
        let Node::Number(number) = node else {
            return report.wrong_type(at, node, "an integer");
        };
        if !is_integer(number) {
            return report.wrong_type(at, node, "an integer");
        }
        let minimum = MINIMUM.check(&self.minimum.into(), number, at, report);
        let maximum = MAXIMUM.check(&self.maximum.into(), number, at, report);
        let multiple = MULTIPLE_OF.check(&self.multiple_of.into(), number, at, report);
        minimum.and(maximum).and(multiple)?;
        whole(number).and_then(|value| value.try_into().ok())
    }

    /// The integer, where it is certainly accepted.
    #[inline]
    fn plain(&self, node: &Node<'_>) -> Option<i64> {
        match node {
            Node::Number(number) => number.as_i64().filter(|value| self.is_plain(*value)),
            _ => None,
        }
    }

    /// Whether an integer is certainly accepted.
    #[inline]
    const fn is_plain(&self, value: i64) -> bool {
        self.multiple_of == 1 && self.minimum <= value && value <= self.maximum
    }

    /// Checks an integer that was made in Rust.
    ///
    /// # Errors
    ///
    /// Every rule that it breaks.
    pub fn check_built(&self, value: i64) -> Result<(), Invalid> {
        let mut report = Report::default();
        let node = Node::Number(value.into());
        let checked = self.check(&node, Path::ROOT, &mut report).map(|_| ());
        report.conclude(checked)
    }
}
