//! The keyword `x-sum`: what texts such as `"23.51%"` add up to.

use serde_json::Value;

use crate::keywords::any_keyword::{Factory, by_rule};

/// How many digits an amount may have on either side of the point.
const MOST_DIGITS: usize = 18;

struct Sum {
    member: String,
    unit: String,
    total: u128,
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
        total: amount(equals, unit)?,
    })
}

/// The amount of `1`, `1.5` or `01.50` before its unit, in units of the eighteenth decimal.
fn amount(text: &str, unit: &str) -> Option<u128> {
    let number = text.strip_suffix(unit)?;
    let (whole, decimals) = match number.split_once('.') {
        Some((_, "")) => return None,
        Some(parts) => parts,
        None => (number, ""),
    };
    let is_long = whole.len() > MOST_DIGITS || decimals.len() > MOST_DIGITS;
    let is_other = |c: char| !c.is_ascii_digit();
    if whole.is_empty() || is_long || whole.contains(is_other) || decimals.contains(is_other) {
        return None;
    }
    format!("{whole}{decimals:0<MOST_DIGITS$}").parse().ok()
}

impl Sum {
    /// The sum of some items, or what is more than any total; `None` where an item has no
    /// amount.
    fn total_of(&self, items: &[Value]) -> Option<u128> {
        items.iter().try_fold(0_u128, |sum, item| {
            let text = item.as_object()?.get(&self.member)?.as_str()?;
            Some(sum.saturating_add(amount(text, &self.unit)?))
        })
    }

    fn is_kept_by(&self, instance: &Value) -> bool {
        let sum = instance.as_array().and_then(|items| self.total_of(items));
        sum.is_none_or(|sum| sum == self.total)
    }
}
