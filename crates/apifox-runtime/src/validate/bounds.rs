//! The rules of numbers that 64 bits need not keep.

use std::cmp::Ordering;

use serde_json::Number;

use crate::validate::report::{Invalid, Report};
use crate::value::json_view::{JsonRef, JsonView};
use crate::value::number::{compare, is_multiple};
use crate::value::path::Path;

/// The rules of numbers of any size: `minimum`, `maximum`, `exclusiveMinimum`,
/// `exclusiveMaximum` and `multipleOf`.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// The smallest value allowed.
    pub minimum: Option<Limit>,
    /// The largest value allowed.
    pub maximum: Option<Limit>,
    /// What the value has to be more than.
    pub exclusive_minimum: Option<Limit>,
    /// What the value has to be less than.
    pub exclusive_maximum: Option<Limit>,
    /// What the value has to be a multiple of.
    pub multiple_of: Option<Limit>,
}

/// A number in a rule.
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

    /// Whether nothing more has to be asked about a number: it is a short integer, and so
    /// are the limits, which it keeps.
    #[inline]
    fn is_plain(&self, number: &Number) -> bool {
        let Some(value) = number.as_i64() else {
            return false;
        };
        let keeps = |limit: &Option<Limit>, keeps: fn(&i64, &i64) -> bool| match limit {
            None => true,
            Some(Limit::Integer(limit)) => keeps(&value, limit),
            Some(Limit::Float(_)) => false,
        };
        keeps(&self.minimum, i64::ge)
            && keeps(&self.maximum, i64::le)
            && keeps(&self.exclusive_minimum, i64::gt)
            && keeps(&self.exclusive_maximum, i64::lt)
            && self.multiple_of.is_none()
    }

    /// Whether a value keeps to the rules; why not does not matter.
    #[inline]
    pub fn accepts(&self, value: &dyn JsonView) -> bool {
        match value.as_json() {
            JsonRef::Number(number) => self.is_plain(&number) || self.accepts_slowly(&number),
            _ => true,
        }
    }

    fn accepts_slowly(&self, number: &Number) -> bool {
        let checked = self.check(number, Path::ROOT, &mut Report::silent());
        checked.is_some()
    }

    /// Checks a number that was computed in Rust.
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
    /// A number of JSON is neither infinite nor none at all.
    fn number(self) -> Option<Number> {
        match self {
            Self::Integer(limit) => Some(limit.into()),
            Self::Float(limit) => Number::from_f64(limit),
        }
    }
}

type Checked = Option<()>;

/// A keyword that bounds numbers: what it asks for, and how what breaks it
/// compares with the limit.
struct Bound(&'static str, &'static str, fn(Ordering) -> bool);

impl Bound {
    fn check(&self, limit: &Number, it: &Number, at: Path<'_>, report: &mut Report) -> Checked {
        let Self(keyword, phrase, breaks) = self;
        match breaks(compare(it, limit)) {
            true => report.violation(at, keyword, it, format_args!("{phrase} {limit}")),
            false => Some(()),
        }
    }
}

/// `minimum`
pub(crate) fn at_least(limit: &Number, it: &Number, at: Path<'_>, report: &mut Report) -> Checked {
    let bound = Bound("minimum", "at least", Ordering::is_lt);
    bound.check(limit, it, at, report)
}

/// `maximum`
pub(crate) fn at_most(limit: &Number, it: &Number, at: Path<'_>, report: &mut Report) -> Checked {
    let bound = Bound("maximum", "at most", Ordering::is_gt);
    bound.check(limit, it, at, report)
}

/// `exclusiveMinimum`
pub(crate) fn more_than(limit: &Number, it: &Number, at: Path<'_>, report: &mut Report) -> Checked {
    let bound = Bound("exclusiveMinimum", "more than", Ordering::is_le);
    bound.check(limit, it, at, report)
}

/// `exclusiveMaximum`
pub(crate) fn less_than(limit: &Number, it: &Number, at: Path<'_>, report: &mut Report) -> Checked {
    let bound = Bound("exclusiveMaximum", "less than", Ordering::is_ge);
    bound.check(limit, it, at, report)
}

/// `multipleOf`
pub(crate) fn multiple_of(
    divisor: &Number,
    it: &Number,
    at: Path<'_>,
    report: &mut Report,
) -> Checked {
    if is_multiple(it, divisor) {
        return Some(());
    }
    let expected = format_args!("a multiple of {divisor}");
    report.violation(at, "multipleOf", it, expected)
}
