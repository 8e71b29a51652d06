//! The rules of numbers.

use std::cmp::Ordering;

use serde_json::Number;

use crate::validate::report::{Invalid, Report};
use crate::value::decimal::is_multiple;
use crate::value::json_view::{JsonRef, JsonView};
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

/// Checks a number against the limit of a keyword.
type Check = fn(&Number, &Number, Path<'_>, &mut Report) -> Option<()>;

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
    pub fn check(&self, value: &dyn JsonView, at: Path<'_>, report: &mut Report) -> Option<()> {
        let JsonRef::Number(number) = value.as_json() else {
            return Some(());
        };
        if self.is_plain(&number) {
            return Some(());
        }
        let rules: [(_, Check); 5] = [
            (self.minimum, at_least),
            (self.maximum, at_most),
            (self.exclusive_minimum, more_than),
            (self.exclusive_maximum, less_than),
            (self.multiple_of, multiple_of),
        ];
        let mut checked = Some(());
        for (limit, check) in rules {
            if let Some(limit) = limit.and_then(Limit::number) {
                checked = check(&limit, &number, at, report).and(checked);
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
        let checked = self.check(number, Path::ROOT, &mut Report::verdict_only());
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

type Checked = Option<()>;

/// A keyword that limits numbers: its name, its phrase in messages, and which order of
/// value and limit breaks it.
struct Bound(&'static str, &'static str, fn(Ordering) -> bool);

impl Bound {
    fn check(&self, limit: &Number, number: &Number, at: Path<'_>, report: &mut Report) -> Checked {
        let Self(keyword, phrase, breaks) = self;
        match breaks(compare(number, limit)) {
            true => report.violation(at, keyword, number, format_args!("{phrase} {limit}")),
            false => Some(()),
        }
    }
}

/// `minimum`
pub(crate) fn at_least(
    limit: &Number,
    number: &Number,
    at: Path<'_>,
    report: &mut Report,
) -> Checked {
    let bound = Bound("minimum", "at least", Ordering::is_lt);
    bound.check(limit, number, at, report)
}

/// `maximum`
pub(crate) fn at_most(
    limit: &Number,
    number: &Number,
    at: Path<'_>,
    report: &mut Report,
) -> Checked {
    let bound = Bound("maximum", "at most", Ordering::is_gt);
    bound.check(limit, number, at, report)
}

/// `exclusiveMinimum`
pub(crate) fn more_than(
    limit: &Number,
    number: &Number,
    at: Path<'_>,
    report: &mut Report,
) -> Checked {
    let bound = Bound("exclusiveMinimum", "more than", Ordering::is_le);
    bound.check(limit, number, at, report)
}

/// `exclusiveMaximum`
pub(crate) fn less_than(
    limit: &Number,
    number: &Number,
    at: Path<'_>,
    report: &mut Report,
) -> Checked {
    let bound = Bound("exclusiveMaximum", "less than", Ordering::is_ge);
    bound.check(limit, number, at, report)
}

/// `multipleOf`
pub(crate) fn multiple_of(
    divisor: &Number,
    number: &Number,
    at: Path<'_>,
    report: &mut Report,
) -> Checked {
    if is_multiple(number, divisor) {
        return Some(());
    }
    let expected = format_args!("a multiple of {divisor}");
    report.violation(at, "multipleOf", number, expected)
}
