//! Amounts of money, exact to the millionth.

use tr::tr;

use std::fmt;
use std::str::FromStr;

use serde::Deserialize;

const UNIT: i64 = 1_000_000;

/// An amount in millionths, in any currency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub struct Money(pub i64);

impl Money {
    /// The price of so many pictures.
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

/// With two decimals, or more if there are more.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let decimals = format!("{:06}", self.0 % UNIT);
        let decimals = decimals.trim_end_matches('0');
        write!(f, "{}.{decimals:0<2}", self.0 / UNIT)
    }
}

impl TryFrom<String> for Money {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl FromStr for Money {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let error = || {
            let text = format!("{text:?}");
            tr!("{text} is not an amount: write it as in 12.50", text)
        };
        let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
        let are_digits =
            |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if !are_digits(whole) || !are_digits(decimals) || decimals.len() > 6 {
            return Err(error());
        }
        let whole: i64 = whole.parse().map_err(|_| error())?;
        let decimals: i64 = format!("{decimals:0<6}").parse().map_err(|_| error())?;
        let sum = whole.checked_mul(UNIT);
        let sum = sum.and_then(|whole| whole.checked_add(decimals));
        sum.map(Self).ok_or_else(error)
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
