//! Numbers of a schema as exact decimals, to be compared and divided.

use std::cmp::Ordering;

use serde_json::{Number, Value};

/// `digits × 10^exponent`, without trailing zeros in `digits`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Decimal {
    digits: i128,
    exponent: i32,
}

/// Whole floats below this are exact as 128 bits.
const EXACT: f64 = 1.0e38;

impl Decimal {
    pub const ONE: Self = Self {
        digits: 1,
        exponent: 0,
    };

    /// `None` for what is no number.
    pub fn of(value: &Value) -> Option<Self> {
        let Value::Number(number) = value else {
            return None;
        };
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

    /// Reads a number as JSON writes it.
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

    /// The digits of both, with the same exponent; `None` where they are too far
    /// apart for 128 bits.
    fn aligned(self, other: Self) -> Option<(i128, i128)> {
        let exponent = self.exponent.min(other.exponent);
        let digits = |it: Self| {
            let shift = u32::try_from(it.exponent.checked_sub(exponent)?).ok()?;
            it.digits.checked_mul(10_i128.checked_pow(shift)?)
        };
        Some((digits(self)?, digits(other)?))
    }

    /// The power of ten that the number lies below.
    fn magnitude(self) -> i64 {
        let length = self.digits.unsigned_abs().checked_ilog10().unwrap_or(0);
        i64::from(length) + i64::from(self.exponent)
    }

    pub fn compare(self, other: Self) -> Ordering {
        let signs = self.digits.signum().cmp(&other.digits.signum());
        if signs.is_ne() || self.digits == 0 {
            return signs;
        }
        match self.aligned(other) {
            Some((a, b)) => a.cmp(&b),
            // What can't be written with one exponent differs in size by far.
            None => {
                let sizes = self.magnitude().cmp(&other.magnitude());
                if self.digits < 0 {
                    sizes.reverse()
                } else {
                    sizes
                }
            }
        }
    }

    /// Whether this is a multiple of `other`, for certain.
    pub fn is_multiple_of(self, other: Self) -> bool {
        match self.aligned(other) {
            Some((a, b)) => b != 0 && a % b == 0,
            None => false,
        }
    }

    pub fn is_whole(self) -> bool {
        self.exponent >= 0
    }

    /// The smallest whole number that is no smaller; `None` where 128 bits don't
    /// hold it.
    pub fn ceiling(self) -> Option<Self> {
        self.floor_digits(true)
    }

    /// The largest whole number that is no larger.
    pub fn floor(self) -> Option<Self> {
        self.floor_digits(false)
    }

    fn floor_digits(self, up: bool) -> Option<Self> {
        if self.is_whole() {
            return Some(self);
        }
        let Some(ten) = u32::try_from(-i64::from(self.exponent))
            .ok()
            .and_then(|it| 10_i128.checked_pow(it))
        else {
            // Closer to 0 than 1 is.
            let away = if up { self.digits > 0 } else { self.digits < 0 };
            let unit = if up { 1 } else { -1 };
            return Some(Self::new(if away { unit } else { 0 }, 0));
        };
        let floor = self.digits.div_euclid(ten);
        Some(Self::new(floor.checked_add(i128::from(up))?, 0))
    }

    /// The whole number that lies `by` away.
    pub fn moved(self, by: i128) -> Option<Self> {
        let shift = u32::try_from(self.exponent).ok()?;
        let whole = self.digits.checked_mul(10_i128.checked_pow(shift)?)?;
        Some(Self::new(whole.checked_add(by)?, 0))
    }

    /// The number, where it is whole and fits 64 bits.
    pub fn as_i64(self) -> Option<i64> {
        let shift = u32::try_from(self.exponent).ok()?;
        let whole = self.digits.checked_mul(10_i128.checked_pow(shift)?)?;
        i64::try_from(whole).ok()
    }
}

fn whole(number: &Number) -> Option<i128> {
    if let Some(value) = number.as_i64() {
        return Some(value.into());
    }
    if let Some(value) = number.as_u64() {
        return Some(value.into());
    }
    let value = number.as_f64()?;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "checked to be whole and in range"
    )]
    (value.fract() == 0.0 && value.abs() <= EXACT).then_some(value as i128)
}

#[cfg(test)]
mod tests {
    use super::Decimal;
    use serde_json::{Value, json};

    fn of(value: &Value) -> Decimal {
        Decimal::of(value).expect("a number")
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
        assert_eq!(of(&json!(1.5)).ceiling(), Some(of(&json!(2))));
        assert_eq!(of(&json!(-1.5)).ceiling(), Some(of(&json!(-1))));
        assert_eq!(of(&json!(-1.5)).floor(), Some(of(&json!(-2))));
        assert_eq!(of(&json!(1e-300)).ceiling(), Some(of(&json!(1))));
        assert_eq!(of(&json!(-1e-300)).ceiling(), Some(of(&json!(0))));
        assert_eq!(of(&json!(30)).moved(-1).and_then(Decimal::as_i64), Some(29));
    }
}
