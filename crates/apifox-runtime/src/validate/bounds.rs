//! The rules of numbers.

use serde_json::Number;

use crate::validate::report::{Invalid, Report};
use crate::value::decimal::is_multiple;
use crate::value::json_view::{JsonRef, JsonView};
use crate::value::node::Node;
use crate::value::number::compare;
use crate::value::path::Path;

/// The limits of a number of any size: `minimum`, `maximum`, `exclusiveMinimum`,
/// `exclusiveMaximum` and `multipleOf`.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// The smallest value allowed.
    pub minimum: Option<Limit>,
    /// The largest value allowed.
    pub maximum: Option<Limit>,
    /// What the value has to exceed.
    pub exclusive_minimum: Option<Limit>,
    /// What the value has to stay below.
    pub exclusive_maximum: Option<Limit>,
    /// What the value has to be a multiple of.
    pub multiple_of: Option<Limit>,
}

/// A limit that a rule states.
#[derive(Clone, Copy, Debug)]
pub enum Limit {
    /// An integer.
    Integer(i64),
    /// A fraction, or a number past 64 bits.
    Float(f64),
}

impl Bounds {
    /// No rules.
    pub const NONE: Self = Self {
        minimum: None,
        maximum: None,
        exclusive_minimum: None,
        exclusive_maximum: None,
        multiple_of: None,
    };

    /// Checks `value`, if it is a number.
    #[inline]
    pub fn check(&self, value: &dyn JsonView, at: Path<'_>, report: &mut Report) -> Option<()> {
        match value.as_json() {
            JsonRef::Number(number) if !self.is_plain(&number) => {
                self.check_number(&number, at, report)
            }
            _ => Some(()),
        }
    }

    /// Whether `node` is a number that is certainly accepted.
    #[inline]
    pub(crate) fn is_plain_node(&self, node: &Node<'_>) -> bool {
        matches!(node, Node::Number(number) if self.is_plain(number))
    }

    fn check_number(&self, number: &Number, at: Path<'_>, report: &mut Report) -> Option<()> {
        let limits = [
            self.minimum,
            self.maximum,
            self.exclusive_minimum,
            self.exclusive_maximum,
            self.multiple_of,
        ];
        let mut checked = Some(());
        for (limit, bound) in limits.into_iter().zip(BOUNDS) {
            if let Some(limit) = limit.and_then(Limit::number) {
                checked = bound.check(&limit, number, at, report).and(checked);
            }
        }
        checked
    }

    /// Whether a number is certainly accepted: it and the limits are 64-bit integers, and
    /// it is within them.
    #[inline]
    fn is_plain(&self, number: &Number) -> bool {
        let Some(value) = number.as_i64() else {
            return false;
        };
        let is_within = |limit: &Option<Limit>, compare: fn(&i64, &i64) -> bool| match limit {
            None => true,
            Some(Limit::Integer(limit)) => compare(&value, limit),
            Some(Limit::Float(_)) => false,
        };
        is_within(&self.minimum, i64::ge)
            && is_within(&self.maximum, i64::le)
            && is_within(&self.exclusive_minimum, i64::gt)
            && is_within(&self.exclusive_maximum, i64::lt)
            && self.multiple_of.is_none()
    }

    /// Whether a value is within the limits, or not a number.
    #[inline]
    pub fn accepts(&self, value: &dyn JsonView) -> bool {
        match value.as_json() {
            JsonRef::Number(number) => self.is_plain(&number) || self.accepts_slowly(&number),
            _ => true,
        }
    }

    fn accepts_slowly(&self, number: &Number) -> bool {
        let checked = self.check_number(number, Path::ROOT, &mut Report::verdict_only());
        checked.is_some()
    }

    /// Checks a number that was made in Rust.
    ///
    /// # Errors
    ///
    /// Every rule that it breaks.
    pub fn check_built(&self, value: &dyn JsonView) -> Result<(), Invalid> {
        let mut report = Report::default();
        let checked = self.check(value, Path::ROOT, &mut report);
        report.conclude(checked)
    }
}

impl Limit {
    /// `None` for what JSON has no number for: infinities and NaN.
    fn number(self) -> Option<Number> {
        match self {
            Self::Integer(limit) => Some(limit.into()),
            Self::Float(limit) => Number::from_f64(limit),
        }
    }
}

/// A keyword that limits numbers.
pub(crate) struct Bound {
    pub keyword: &'static str,
    /// What a message says before the limit.
    phrase: &'static str,
    /// Whether a value is as a limit wants it.
    is_kept: fn(&Number, &Number) -> bool,
}

impl Bound {
    const fn new(
        keyword: &'static str,
        phrase: &'static str,
        is_kept: fn(&Number, &Number) -> bool,
    ) -> Self {
        Self {
            keyword,
            phrase,
            is_kept,
        }
    }

    pub fn check(
        &self,
        limit: &Number,
        number: &Number,
        at: Path<'_>,
        report: &mut Report,
    ) -> Option<()> {
        if (self.is_kept)(number, limit) {
            return Some(());
        }
        let expected = format_args!("{} {limit}", self.phrase);
        report.violation(at, self.keyword, number, expected)
    }
}

pub(crate) static MINIMUM: Bound = Bound::new("minimum", "at least", |number, limit| {
    compare(number, limit).is_ge()
});
pub(crate) static MAXIMUM: Bound = Bound::new("maximum", "at most", |number, limit| {
    compare(number, limit).is_le()
});
static EXCLUSIVE_MINIMUM: Bound = Bound::new("exclusiveMinimum", "more than", |number, limit| {
    compare(number, limit).is_gt()
});
static EXCLUSIVE_MAXIMUM: Bound = Bound::new("exclusiveMaximum", "less than", |number, limit| {
    compare(number, limit).is_lt()
});
pub(crate) static MULTIPLE_OF: Bound = Bound::new("multipleOf", "a multiple of", is_multiple);

/// All of them, in the order in which they are checked.
pub(crate) static BOUNDS: [&Bound; 5] = [
    &MINIMUM,
    &MAXIMUM,
    &EXCLUSIVE_MINIMUM,
    &EXCLUSIVE_MAXIMUM,
    &MULTIPLE_OF,
];
