//! JSON numbers as JSON Schema sees them: by value, however they are written.

use std::cmp::Ordering;
use std::fmt;

use serde::ser::{Serialize, Serializer};
use serde_json::Number;

use crate::decode::Decode;
use crate::node::Node;
use crate::path::Path;
use crate::report::{Invalid, Report};

/// Orders two numbers by value, without rounding one to the other's type.
pub(crate) fn compare(a: &Number, b: &Number) -> Ordering {
    if let (Some(a), Some(b)) = (a.as_i64(), b.as_i64()) {
        return a.cmp(&b);
    }
    match (whole(a), whole(b)) {
        (Some(a), Some(b)) => a.cmp(&b),
        (Some(a), None) => compare_whole(a, float(b)),
        (None, Some(b)) => compare_whole(b, float(a)).reverse(),
        (None, None) => float(a).total_cmp(&float(b)),
    }
}

pub(crate) fn equal(a: &Number, b: &Number) -> bool {
    compare(a, b) == Ordering::Equal
}

/// The value of a number without a fractional part that fits 128 bits.
pub(crate) fn whole(number: &Number) -> Option<i128> {
    if let Some(value) = number.as_i64() {
        return Some(value.into());
    }
    if let Some(value) = number.as_u64() {
        return Some(value.into());
    }
    let value = float(number);
    // Floats of this size and below are exact as i128; larger ones stay floats.
    const LIMIT: f64 = 1.0e38;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "checked to be whole and in range"
    )]
    (value.fract() == 0.0 && value.abs() <= LIMIT).then_some(value as i128)
}

pub(crate) fn is_integer(number: &Number) -> bool {
    whole(number).is_some() || float(number).fract() == 0.0
}

fn float(number: &Number) -> f64 {
    number.as_f64().unwrap_or(f64::INFINITY)
}

/// Compares a whole number with a float that is no whole number of 128 bits:
/// its integral part decides, or its fraction, or its sheer size.
fn compare_whole(a: i128, b: f64) -> Ordering {
    const LIMIT: f64 = 1.0e38;
    if b.abs() > LIMIT {
        return if b > 0.0 {
            Ordering::Less
        } else {
            Ordering::Greater
        };
    }
    #[expect(clippy::cast_possible_truncation, reason = "checked to be in range")]
    let floor = b.floor() as i128;
    if a <= floor {
        Ordering::Less
    } else {
        Ordering::Greater
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

/// Whether the one is a multiple of the other. Whole numbers are taken by value,
/// fractions as the decimals that they are written as: 0.3 is a multiple of 0.1.
fn is_multiple(number: &Number, divisor: &Number) -> bool {
    if let (Some(number), Some(divisor)) = (whole(number), whole(divisor)) {
        return number % divisor == 0;
    }
    let divisor_as_float = float(divisor);
    if number.is_f64() && is_exact(divisor_as_float) {
        // The remainder of two floats is exact.
        return float(number) % divisor_as_float == 0.0;
    }
    let (Some((digits, exponent)), Some((divisor, divisor_exponent))) =
        (decimal(number), decimal(divisor))
    else {
        return false;
    };
    if digits == 0 {
        return true;
    }
    let shift = exponent - divisor_exponent;
    if shift >= 0 {
        // digits * 10^shift, taken modulo the divisor at every step
        let shifted = (0..shift).try_fold(digits % divisor, |rest, _| Some(rest * 10 % divisor));
        return shifted == Some(0);
    }
    // More zeros than 128 bits have are more than the digits could end with.
    let factor = 10_u128.checked_pow(shift.unsigned_abs());
    factor
        .and_then(|factor| divisor.checked_mul(factor))
        .is_some_and(|divisor| digits % divisor == 0)
}

/// Whether a float is the same number as the decimal it is written as: it is for
/// whole numbers that are not too large, halves, quarters and so on.
fn is_exact(float: f64) -> bool {
    const LARGEST: f64 = 9_007_199_254_740_992.0;
    float <= LARGEST && (float * 1024.0).fract() == 0.0
}

/// The digits and the exponent of a number's shortest decimal, without its sign.
fn decimal(number: &Number) -> Option<(u128, i32)> {
    if let Some(whole) = number
        .as_i64()
        .map(i128::from)
        .or_else(|| number.as_u64().map(i128::from))
    {
        return Some((whole.unsigned_abs(), 0));
    }
    let text = format!("{:e}", number.as_f64()?.abs());
    let (mantissa, exponent) = text.split_once('e')?;
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}").parse().ok()?;
    let exponent: i32 = exponent.parse().ok()?;
    Some((digits, exponent - i32::try_from(fraction.len()).ok()?))
}

/// An integer of any size: what `"type": "integer"` accepts without bounds.
///
/// Numbers past 64 bits are kept as the float that serde_json reads them as.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Integer(Number);

impl Integer {
    /// The value, where it fits.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        whole(&self.0).and_then(|value| value.try_into().ok())
    }

    /// The value, where it fits.
    #[must_use]
    pub fn as_u64(&self) -> Option<u64> {
        whole(&self.0).and_then(|value| value.try_into().ok())
    }

    /// The number as JSON has it.
    #[must_use]
    pub fn as_number(&self) -> &Number {
        &self.0
    }

    fn canonical(number: &Number) -> Self {
        let whole = whole(number);
        if let Some(value) = whole.and_then(|value| i64::try_from(value).ok()) {
            return Self(value.into());
        }
        match whole.and_then(|value| u64::try_from(value).ok()) {
            Some(value) => Self(value.into()),
            None => Self(number.clone()),
        }
    }
}

impl From<i64> for Integer {
    fn from(value: i64) -> Self {
        Self(value.into())
    }
}

impl From<i32> for Integer {
    fn from(value: i32) -> Self {
        Self(value.into())
    }
}

impl From<u32> for Integer {
    fn from(value: u32) -> Self {
        Self(value.into())
    }
}

impl From<u64> for Integer {
    fn from(value: u64) -> Self {
        Self::canonical(&value.into())
    }
}

impl TryFrom<Number> for Integer {
    type Error = Invalid;

    fn try_from(value: Number) -> Result<Self, Invalid> {
        Self::decode_root(&Node::Number(value))
    }
}

impl fmt::Display for Integer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Decode for Integer {
    fn decode(node: &Node<'_>, at: Path<'_>, report: &mut Report) -> Option<Self> {
        match node {
            Node::Number(number) if is_integer(number) => Some(Self::canonical(number)),
            _ => report.wrong_type(at, node, "an integer"),
        }
    }

    fn of_node(node: &mut Node<'_>) -> Option<Self> {
        match node {
            Node::Number(number) if is_integer(number) => Some(Self::canonical(number)),
            _ => None,
        }
    }
}

impl Serialize for Integer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

crate::deserialized! { Integer }
