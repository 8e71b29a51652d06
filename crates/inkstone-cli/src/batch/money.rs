//! Sums of money: exact to the millionth, so that many small prices add up.

use std::fmt;
use std::str::FromStr;

const UNIT: i64 = 1_000_000;

/// An amount, in whichever currency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Money(pub i64);

impl Money {
    /// So many pictures at this price.
    pub fn times(self, count: u32) -> Self {
        Self(self.0.saturating_mul(i64::from(count)))
    }

    pub fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    pub fn minus(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// As a number, for JSON.
    pub fn number(self) -> f64 {
        self.0 as f64 / UNIT as f64
    }
}

/// With two decimals, or as many as it takes.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let decimals = format!("{:06}", self.0 % UNIT);
        let decimals = decimals.trim_end_matches('0');
        write!(f, "{}.{decimals:0<2}", self.0 / UNIT)
    }
}

impl FromStr for Money {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let fault = || format!("{text:?} is no amount: write it as in 12.50");
        let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
        let are_digits = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit());
        if !are_digits(whole) || !are_digits(decimals) || decimals.len() > 6 {
            return Err(fault());
        }
        let whole: i64 = whole.parse().map_err(|_| fault())?;
        let decimals: i64 = format!("{decimals:0<6}").parse().map_err(|_| fault())?;
        let sum = whole
            .checked_mul(UNIT)
            .and_then(|it| it.checked_add(decimals));
        sum.map(Self).ok_or_else(fault)
    }
}

#[cfg(test)]
mod tests {
    use super::Money;

    #[test]
    fn amounts_are_read_and_shown_exactly() {
        let cases = [
            ("0", "0.00"),
            ("0.2", "0.20"),
            ("12.345678", "12.345678"),
            ("7.5", "7.50"),
            ("100", "100.00"),
        ];
        for (text, shown) in cases {
            let money: Money = text.parse().unwrap();
            assert_eq!(money.to_string(), shown);
        }
        for text in [
            "",
            ".",
            "-1",
            "1.",
            ".5",
            "1e3",
            "1.2345678",
            "9999999999999999",
        ] {
            assert!(text.parse::<Money>().is_err(), "{text}");
        }
        let price: Money = "0.1".parse().unwrap();
        assert_eq!(price.times(3), "0.3".parse().unwrap());
    }
}
