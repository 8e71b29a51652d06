//! JSON numbers as exact decimals, to be compared and divided.

use std::cmp::Ordering;

use serde_json::{Number, Value};

use crate::value::number::{EXACT, float, whole};

/// `digits × 10^exponent`, without trailing zeros in `digits`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Decimal {
    digits: i128,
    exponent: i32,
}

impl Decimal {
    /// The number 1.
    pub const ONE: Self = Self {
        digits: 1,
        exponent: 0,
    };

    /// The value of a JSON number, as [`from_number`](Self::from_number); `None` for any
    /// other value.
    #[must_use]
    pub fn from_value(value: &Value) -> Option<Self> {
        value.as_number().and_then(Self::from_number)
    }

    /// The value of a number: exact where it is whole, else the decimal that it is
    /// written as. `None` where that has more digits than 128 bits hold.
    #[must_use]
    pub fn from_number(number: &Number) -> Option<Self> {
        match whole(number) {
            Some(whole) => Some(Self::new(whole, 0)),
            None => Self::parse(&number.to_string()),
        }
    }

    fn new(mut digits: i128, mut exponent: i32) -> Self {
        if digits == 0 {
            exponent = 0;
        }
        while digits != 0 && digits % 10 == 0 {
            digits /= 10;
            exponent += 1;
        }
        Self { digits, exponent }
    }

    /// Parses a number as JSON writes it.
    fn parse(text: &str) -> Option<Self> {
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse().ok()?),
            None => (text, 0_i32),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = format!("{whole}{fraction}").parse().ok()?;
        let places = i32::try_from(fraction.len()).ok()?;
        Some(Self::new(digits, exponent.checked_sub(places)?))
    }

    /// The digits of both with the same exponent; `None` where they don't fit 128 bits.
    fn aligned(self, other: Self) -> Option<(i128, i128)> {
        let exponent = self.exponent.min(other.exponent);
        let digits = |number: Self| {
            let shift = u32::try_from(number.exponent.checked_sub(exponent)?).ok()?;
            number.digits.checked_mul(10_i128.checked_pow(shift)?)
        };
        Some((digits(self)?, digits(other)?))
    }

    /// Orders two numbers by value.
    #[must_use]
    pub fn compare(self, other: Self) -> Ordering {
        let signs = self.digits.signum().cmp(&other.digits.signum());
        if signs.is_ne() || self.digits == 0 {
            return signs;
        }
        match self.aligned(other) {
            Some((a, b)) => a.cmp(&b),
            // The one with the larger exponent has more digits than 128 bits hold.
            None if self.digits < 0 => other.exponent.cmp(&self.exponent),
            None => self.exponent.cmp(&other.exponent),
        }
    }

    /// Whether this is a multiple of `divisor`: 0.3 is one of 0.1. Nothing is one of 0.
    #[must_use]
    pub fn is_multiple_of(self, divisor: Self) -> bool {
        if self.digits == 0 || divisor.digits == 0 {
            return divisor.digits != 0;
        }
        let shift = i64::from(self.exponent) - i64::from(divisor.exponent);
        if shift < 0 {
            // 128 bits can't end with more zeros than they hold.
            let factor = u32::try_from(-shift)
                .ok()
                .and_then(|shift| 10_i128.checked_pow(shift));
            let divisor = factor.and_then(|factor| divisor.digits.checked_mul(factor));
            return divisor.and_then(|divisor| self.digits.checked_rem(divisor)) == Some(0);
        }
        // digits * 10^shift, taken modulo the divisor at every step
        let rest = self.digits.checked_rem(divisor.digits);
        let step = |rest: i128, _| rest.checked_mul(10)?.checked_rem(divisor.digits);
        rest.and_then(|rest| (0..shift).try_fold(rest, step)) == Some(0)
    }

    /// Whether there is nothing behind the point.
    #[must_use]
    pub const fn is_whole(self) -> bool {
        self.exponent >= 0
    }

    /// The smallest whole number that is no smaller; `None` where 128 bits don't
    /// hold it.
    #[must_use]
    pub fn ceiling(self) -> Option<Self> {
        self.floor_digits(true)
    }

    /// The largest whole number that is no larger; `None` where 128 bits don't hold it.
    #[must_use]
    pub fn floor(self) -> Option<Self> {
        self.floor_digits(false)
    }

    fn floor_digits(self, up: bool) -> Option<Self> {
        if self.is_whole() {
            return Some(self);
        }
        let Some(ten) = u32::try_from(-i64::from(self.exponent))
            .ok()
            .and_then(|shift| 10_i128.checked_pow(shift))
        else {
            // Closer to 0 than 1 is.
            let away = if up { self.digits > 0 } else { self.digits < 0 };
            let unit = if up { 1 } else { -1 };
            return Some(Self::new(if away { unit } else { 0 }, 0));
        };
        let floor = self.digits.div_euclid(ten);
        Some(Self::new(floor.checked_add(i128::from(up))?, 0))
    }

    /// The whole number that lies `by` away; `None` for a fraction, and where 128 bits
    /// don't hold it.
    #[must_use]
    pub fn moved(self, by: i128) -> Option<Self> {
        let shift = u32::try_from(self.exponent).ok()?;
        let whole = self.digits.checked_mul(10_i128.checked_pow(shift)?)?;
        Some(Self::new(whole.checked_add(by)?, 0))
    }

    /// The number, where it is whole and fits 64 bits.
    #[must_use]
    pub fn as_i64(self) -> Option<i64> {
        let shift = u32::try_from(self.exponent).ok()?;
        let whole = self.digits.checked_mul(10_i128.checked_pow(shift)?)?;
        i64::try_from(whole).ok()
    }
}

/// Whether `number` is a multiple of `divisor`, which is above 0.
pub(crate) fn is_multiple(number: &Number, divisor: &Number) -> bool {
    if let (Some(number), Some(divisor)) = (whole(number), whole(divisor)) {
        return number % divisor == 0;
    }
    let value = float(number);
    if value.fract() != 0.0 && (divisor.is_i64() || divisor.is_u64()) {
        return false;
    }
    let divisor_as_float = float(divisor);
    if number.is_f64() && value.abs() <= FEW_DIGITS && is_exact(divisor_as_float) {
        // The remainder of two floats is exact.
        return value % divisor_as_float == 0.0;
    }
    let decimals = Decimal::from_number(number).zip(Decimal::from_number(divisor));
    decimals.is_some_and(|(number, divisor)| number.is_multiple_of(divisor))
}

/// Up to here a float that is a multiple of what [`is_exact`] is the decimal that it is written as.
const FEW_DIGITS: f64 = 524_288.0;

/// Whether a float is the same number as the decimal that it is written as: whole numbers
/// that are not too large are, halves, quarters and so on.
fn is_exact(float: f64) -> bool {
    float <= EXACT && (float * 1024.0).fract() == 0.0
}

#[cfg(test)]
mod tests {
    use super::{Decimal, is_multiple};
    use serde_json::{Number, Value, json};

    fn of(value: &Value) -> Decimal {
        Decimal::from_value(value).expect("a number")
    }

    #[test]
    fn numbers_are_ordered_by_value() {
        let sorted = [
            json!(-1e300),
            json!(i64::MIN),
            json!(-3.5),
            json!(-1),
            json!(-1e-300),
            json!(0),
            json!(1e-300),
            json!(0.3),
            json!(1),
            json!(1.5),
            json!(9_007_199_254_740_993_i64),
            json!(u64::MAX),
            json!(1e300),
        ];
        for (i, a) in sorted.iter().enumerate() {
            for (j, b) in sorted.iter().enumerate() {
                assert_eq!(of(a).compare(of(b)), i.cmp(&j), "{a} and {b}");
            }
        }
        assert_eq!(of(&json!(2.0)), of(&json!(2)));
        assert_eq!(of(&json!(-0.0)), of(&json!(0)));
    }

    #[test]
    fn multiples_and_whole_numbers() {
        assert!(of(&json!(0.3)).is_multiple_of(of(&json!(0.1))));
        assert!(of(&json!(1e30)).is_multiple_of(of(&json!(2))));
        assert!(!of(&json!(3)).is_multiple_of(of(&json!(2))));
        assert!(!of(&json!(1e300)).is_multiple_of(of(&json!(7e-10))));
        assert!(of(&json!(1e300)).is_multiple_of(of(&json!(8e-10))));
        assert!(!of(&json!(1e-300)).is_multiple_of(of(&json!(1))));
        assert!(of(&json!(0)).is_multiple_of(of(&json!(0.7))));
        assert!(!of(&json!(0)).is_multiple_of(of(&json!(0))));
        assert_eq!(of(&json!(1.5)).ceiling(), Some(of(&json!(2))));
        assert_eq!(of(&json!(-1.5)).ceiling(), Some(of(&json!(-1))));
        assert_eq!(of(&json!(-1.5)).floor(), Some(of(&json!(-2))));
        assert_eq!(of(&json!(1e-300)).ceiling(), Some(of(&json!(1))));
        assert_eq!(of(&json!(-1e-300)).ceiling(), Some(of(&json!(0))));
        assert_eq!(of(&json!(30)).moved(-1).and_then(Decimal::as_i64), Some(29));
    }

    #[test]
    fn multiples_are_those_of_the_decimals_that_are_written() {
        let cases = [
            ("1e23", "10", true),
            ("100000000000000000000000", "10", true),
            ("1e23", "3", false),
            ("1e300", "10", true),
            ("1e300", "3", false),
            ("3e300", "3", true),
            ("-1e23", "1e22", true),
            ("1e23", "0.1", true),
            ("0.3", "0.1", true),
            ("0.30000000000000004", "0.1", false),
            ("7.5", "2.5", true),
            ("7.25", "0.5", false),
            ("1234567.25", "0.25", true),
            ("1125899906842624.2", "0.25", false),
            ("2251799813685248.5", "1", false),
            ("2251799813685248.5", "0.5", true),
            ("9007199254740994.0", "2", true),
            ("1.5", "3", false),
            ("0.0", "7", true),
            ("1e-300", "1", false),
        ];
        for (number, divisor, expected) in cases {
            let parse = |text| serde_json::from_str::<Number>(text).expect("a number");
            let found = is_multiple(&parse(number), &parse(divisor));
            assert_eq!(found, expected, "{number} of {divisor}");
        }
    }
}
