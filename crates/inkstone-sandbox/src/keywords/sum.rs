//! The keyword `x-sum`: what texts such as `"23.51%"` add up to.

use serde_json::Value;

use crate::keywords::any_keyword::{Factory, by_rule};

/// How many digits an amount may have on either side of the point.
const MOST_DIGITS: usize = 18;

/// The digits of a number, the eighteenth decimal first. The program adds numbers: another way
/// of adding shows a mistake of either.
type Digits = Vec<u8>;

struct Sum {
    member: String,
    unit: String,
    total: Digits,
}

pub fn keyword(rule: &Value) -> Factory<'_> {
    by_rule(
        read(rule),
        r#"write a member and a sum, as in {"of": "ratio", "equals": "100.00%"}"#,
        |sum, instance| (!sum.is_kept_by(instance)).then_some("the sum differs"),
    )
}

fn read(rule: &Value) -> Option<Sum> {
    let (member, equals) = (rule["of"].as_str()?, rule["equals"].as_str()?);
    if rule.as_object()?.len() > 2 {
        return None;
    }
    let end = equals.find(|c: char| c != '.' && !c.is_ascii_digit());
    let (_, unit) = equals.split_at(end.unwrap_or(equals.len()));
    Some(Sum {
        member: member.to_owned(),
        unit: unit.to_owned(),
        total: digits(equals, unit)?,
    })
}

/// The digits of `1`, `1.5` or `01.50`, before its unit.
fn digits(text: &str, unit: &str) -> Option<Digits> {
    let number = text.strip_suffix(unit)?;
    let mut parts = number.split('.');
    let (whole, decimals) = (parts.next()?, parts.next());
    let decimals = match (decimals, parts.next()) {
        (None, None) => "",
        (Some(decimals), None) if !decimals.is_empty() => decimals,
        _ => return None,
    };
    let is_long = whole.len() > MOST_DIGITS || decimals.len() > MOST_DIGITS;
    let is_other = |c: char| !c.is_ascii_digit();
    if whole.is_empty() || is_long || whole.contains(is_other) || decimals.contains(is_other) {
        return None;
    }
    let zeros = std::iter::repeat_n(0, MOST_DIGITS - decimals.len());
    let written = whole.bytes().chain(decimals.bytes()).rev();
    let mut digits: Digits = zeros.chain(written.map(|digit| digit - b'0')).collect();
    trim(&mut digits);
    Some(digits)
}

fn trim(digits: &mut Digits) {
    while digits.last() == Some(&0) {
        digits.pop();
    }
}

/// Adds digit by digit, as on paper.
fn add(left: &Digits, right: &Digits) -> Digits {
    let mut sum = Vec::with_capacity(left.len().max(right.len()) + 1);
    let mut carry = 0;
    for place in 0..left.len().max(right.len()) {
        let digit = |number: &Digits| number.get(place).copied().unwrap_or(0);
        let both = digit(left) + digit(right) + carry;
        sum.push(both % 10);
        carry = both / 10;
    }
    sum.push(carry);
    trim(&mut sum);
    sum
}

impl Sum {
    /// The sum of some items; `None` where an item has no amount.
    fn total_of(&self, items: &[Value]) -> Option<Digits> {
        items.iter().try_fold(Digits::new(), |sum, item| {
            let amount = item.as_object()?.get(&self.member)?.as_str()?;
            Some(add(&sum, &digits(amount, &self.unit)?))
        })
    }

    fn is_kept_by(&self, instance: &Value) -> bool {
        let sum = instance.as_array().and_then(|items| self.total_of(items));
        sum.is_none_or(|sum| sum == self.total)
    }
}
