//! Our own `x-sum`: the amounts in an array add up.

use std::fmt;

use serde_json::Value;

use crate::validate::report::Report;
use crate::value::json_view::{JsonRef, JsonView};
use crate::value::path::Path;

/// How many digits an amount may have before and after its point.
const DIGITS: usize = 18;

/// The powers of ten with up to so many zeros.
const POWERS: [u64; DIGITS + 1] = {
    let mut powers = [1; DIGITS + 1];
    let mut zeros = 1;
    while zeros <= DIGITS {
        powers[zeros] = 10 * powers[zeros - 1];
        zeros += 1;
    }
    powers
};

/// One, as an [`Amount`].
const ONE: Amount = 1_000_000_000_000_000_000;

/// A number in units of its eighteenth decimal, so that adding does not round.
type Amount = u128;

/// `x-sum`: what the strings in one member of each item add up to.
#[derive(Debug, PartialEq, Eq)]
pub struct Sum {
    /// The member of each item that holds an amount.
    pub of: String,
    /// What the amounts have to add up to, as it is written in the schema.
    equals: String,
    /// The same as a number.
    pub total: Amount,
    /// The text behind the number of each amount.
    pub unit: String,
}

impl Sum {
    /// What the keyword's value has to be.
    pub(crate) const FORM: &'static str = "is not like {\"of\": \"share\", \"equals\": \"100.00%\"}, with up to 18 digits on \
         either side of the point";

    /// `None` where the keyword's value is not as [`FORM`](Self::FORM) shows.
    #[must_use]
    pub fn from_keyword(value: &Value) -> Option<Self> {
        let members = value.as_object().filter(|members| members.len() == 2)?;
        let text = |name| members.get(name).and_then(Value::as_str);
        let (of, equals) = (text("of")?, text("equals")?);
        let is_number = |c: char| c.is_ascii_digit() || c == '.';
        let unit = equals.trim_start_matches(is_number);
        Some(Self {
            of: of.to_owned(),
            equals: equals.to_owned(),
            total: amount(equals, unit)?,
            unit: unit.to_owned(),
        })
    }

    /// Checks an array.
    pub(crate) fn check(
        &self,
        value: &dyn JsonView,
        at: Path<'_>,
        report: &mut Report,
    ) -> Option<()> {
        let Err(sum) = add_up(value, &self.of, self.total, &self.unit) else {
            return Some(());
        };
        let expected = format_args!(
            "`{}` to add up to {}{}",
            self.of,
            self.equals,
            Not(self, sum)
        );
        report.violation(at, "x-sum", value, expected)
    }
}

/// Whether the amounts in an array add up to `total`; otherwise to what, unless that is far too
/// much. An array with an item whose amount can't be parsed is left to other keywords.
#[inline]
pub(crate) fn add_up(
    value: &dyn JsonView,
    of: &str,
    total: Amount,
    unit: &str,
) -> Result<(), Option<Amount>> {
    let JsonRef::Array(items) = value.as_json() else {
        return Ok(());
    };
    let amount = |item: &dyn JsonView| amount(&item.member(of)?.text()?, unit);
    let mut sum = Some(0);
    for item in items.iter() {
        let Some(amount) = amount(item) else {
            return Ok(());
        };
        // Amounts are not negative, so a sum that overflows is too large.
        sum = sum.and_then(|sum: Amount| sum.checked_add(amount));
    }
    match sum == Some(total) {
        true => Ok(()),
        false => Err(sum),
    }
}

/// Parses digits, with or without a point and more digits, and then `unit`.
fn amount(text: &str, unit: &str) -> Option<Amount> {
    let number = text.strip_suffix(unit)?;
    let (whole, decimals) = match number.bytes().position(|byte| byte == b'.') {
        Some(at) if at + 1 == number.len() => return None,
        Some(at) => (&number[..at], &number[at + 1..]),
        None => (number, ""),
    };
    if whole.is_empty() {
        return None;
    }
    let (units, fraction) = (digits(whole)?, digits(decimals)?);
    Some(Amount::from(units) * ONE + Amount::from(fraction * POWERS[DIGITS - decimals.len()]))
}

/// The number that digits make, unless there are too many for it or other characters.
fn digits(text: &str) -> Option<u64> {
    let mut bytes = text.bytes();
    let add = |number, byte: u8| {
        let digit = byte.is_ascii_digit().then(|| u64::from(byte - b'0'))?;
        Some(10 * number + digit)
    };
    (text.len() <= DIGITS).then(|| bytes.try_fold(0, add))?
}

/// `, not 99.9%`
struct Not<'a>(&'a Sum, Option<Amount>);

impl fmt::Display for Not<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(asked, Some(sum)) = self else {
            return f.write_str(", not far more");
        };
        let digits = format!("{sum:0>width$}", width = DIGITS + 1);
        let (whole, decimals) = digits.split_at(digits.len() - DIGITS);
        let decimals = decimals.trim_end_matches('0');
        let point = if decimals.is_empty() { "" } else { "." };
        write!(f, ", not {whole}{point}{decimals}{}", asked.unit)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::Sum;
    use crate::validate::report::Report;
    use crate::value::node::Node;
    use crate::value::path::Path;

    /// Why `shares` don't add up to 100 %; empty where they do.
    fn fault(shares: &[&str]) -> String {
        let rule = json!({"of": "share", "equals": "100.00%"});
        let items: Value = shares.iter().map(|share| json!({"share": share})).collect();
        let mut report = Report::default();
        let sum = Sum::from_keyword(&rule).expect("a rule");
        let checked = sum.check(&Node::from(&items), Path::ROOT, &mut report);
        let found = report.violations().first();
        assert_eq!(checked.is_none(), found.is_some());
        found
            .map(|violation| violation.expected.clone())
            .unwrap_or_default()
    }

    #[test]
    fn amounts_are_added_without_rounding() {
        let tenths = ["10%"; 10];
        let thirds = ["33.33%", "33.33%", "33.34%"];
        let tiny = ["0.1%", "0.2%", "99.7%"];
        let long = ["99.999999999999999999%", "0.000000000000000001%"];
        for shares in [&tenths[..], &thirds, &tiny, &long, &["0100%"]] {
            assert_eq!(fault(shares), "", "{shares:?}");
        }
        let cases: [(&[&str], &str); 5] = [
            (&[], "0%"),
            (&["33.33%", "33.33%", "33.33%"], "99.99%"),
            (
                &["50%", "50.000000000000000001%"],
                "100.000000000000000001%",
            ),
            (&["200.00%"], "200%"),
            (&["0.5%"], "0.5%"),
        ];
        for (shares, sum) in cases {
            let expected = format!("`share` to add up to 100.00%, not {sum}");
            assert_eq!(fault(shares), expected, "{shares:?}");
        }
        let many = vec!["999999999999999999%"; 400];
        let expected = "`share` to add up to 100.00%, not far more";
        assert_eq!(fault(&many), expected);
    }

    #[test]
    fn what_can_not_be_read_has_no_sum() {
        let unread = [
            "",
            "%",
            ".5%",
            "5.%",
            "5",
            "-5%",
            "+5%",
            " 5%",
            "5 %",
            "5e1%",
            "1,5%",
            "1.2.3%",
            "٥%",
            "1234567890123456789%",
            "0.1234567890123456789%",
        ];
        for text in unread {
            assert_eq!(fault(&[text, "10%"]), "", "{text:?}");
        }
    }

    #[test]
    fn other_values_are_no_rule() {
        for value in [
            json!(null),
            json!("100%"),
            json!({"of": "share"}),
            json!({"of": "share", "equals": 100}),
            json!({"of": "share", "equals": "%"}),
            json!({"of": "share", "equals": "100%", "at": 1}),
        ] {
            assert_eq!(Sum::from_keyword(&value), None, "{value}");
        }
    }
}
