//! JSON numbers as JSON Schema sees them: by value, however they are written.

use std::cmp::Ordering;

use serde_json::Number;

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

/// The largest whole number up to which a double tells each from the next.
pub(crate) const EXACT: f64 = 9_007_199_254_740_992.0;

/// What is certainly within 128 bits.
const LIMIT: f64 = 1.0e38;

pub(crate) fn equal(a: &Number, b: &Number) -> bool {
    compare(a, b) == Ordering::Equal
}

/// The value of a number without a fraction that fits 128 bits: the decimal that it is written
/// as, which of a large double is not the value of its bits.
#[inline]
pub(crate) fn whole(number: &Number) -> Option<i128> {
    if let Some(value) = number.as_i64() {
        return Some(value.into());
    }
    if let Some(value) = number.as_u64() {
        return Some(value.into());
    }
    let value = float(number);
    if value.fract() != 0.0 {
        return None;
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "checked to be whole and in range"
    )]
    match value.abs() <= EXACT {
        true => Some(value as i128),
        false => large_whole(value),
    }
}

/// The decimal that a float without a fraction is written as, if it fits 128 bits.
#[cold]
fn large_whole(value: f64) -> Option<i128> {
    let is_within = value.abs() <= LIMIT;
    is_within.then(|| value.to_string().parse().ok()).flatten()
}

/// Whether a number is whole, and the one that was written. Of more than 64 bits that can't be
/// told: serde reads them as a double. With few digits it is most likely a power of ten.
#[inline]
pub(crate) fn is_integer(number: &Number) -> bool {
    number.is_i64() || number.is_u64() || is_whole_float(number)
}

fn is_whole_float(number: &Number) -> bool {
    const LEAST: f64 = -9_223_372_036_854_775_808.0;
    const MOST: f64 = 18_446_744_073_709_551_615.0;
    /// So many digits tell one double from every other number with as many.
    const FEW: usize = 15;
    let value = float(number);
    let is_within = !number.is_f64() || LEAST < value && value < MOST;
    value.fract() == 0.0 && (is_within || digits(value) <= FEW)
}

/// How many digits a float is written with, without zeros at the end.
fn digits(float: f64) -> usize {
    let text = format!("{float:e}");
    let (mantissa, _) = text.split_once('e').unwrap_or((&text, ""));
    mantissa.bytes().filter(u8::is_ascii_digit).count()
}

pub(crate) fn float(number: &Number) -> f64 {
    number.as_f64().unwrap_or(f64::INFINITY)
}

/// Compares a whole number with a float that [`whole`] has no value for: a fraction, or
/// more than 128 bits.
fn compare_whole(a: i128, b: f64) -> Ordering {
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
