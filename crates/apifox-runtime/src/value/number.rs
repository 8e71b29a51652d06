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

/// Whether the one is a multiple of the other. Whole numbers are taken by value,
/// fractions as the decimals that they are written as: 0.3 is a multiple of 0.1.
pub(crate) fn is_multiple(number: &Number, divisor: &Number) -> bool {
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
