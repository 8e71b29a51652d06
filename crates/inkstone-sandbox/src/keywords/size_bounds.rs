//! The keywords `x-area`, `x-side` and `x-aspect-ratio`: bounds on sizes.

use std::cmp::Ordering;

use serde_json::Value;

use crate::keywords::any_keyword::{Factory, by_rule};
use crate::keywords::size;

/// Inclusive bounds, either of which can be left out.
#[derive(Clone, Copy)]
struct Bounds<T> {
    minimum: Option<T>,
    maximum: Option<T>,
}

pub fn area(rule: &Value) -> Factory<'_> {
    let usage = r#"write whole numbers, as in {"minimum": 1, "maximum": 100}"#;
    let bounds = bounds(rule, Value::as_u64);
    size_keyword(bounds, usage, "the area is out of bounds", Bounds::has_area)
}

pub fn side(rule: &Value) -> Factory<'_> {
    let usage = r#"write whole numbers, as in {"minimum": 512, "maximum": 2048}"#;
    let bounds = bounds(rule, Value::as_u64);
    size_keyword(bounds, usage, "a side is out of bounds", Bounds::has_sides)
}

pub fn aspect_ratio(rule: &Value) -> Factory<'_> {
    let usage = r#"write ratios, as in {"minimum": "1:8", "maximum": "8:1"}"#;
    let message = "the aspect ratio is out of bounds";
    size_keyword(bounds(rule, ratio), usage, message, Bounds::has_ratio)
}

/// A keyword for sizes that `is_allowed` decides on, from the digits of width and height.
fn size_keyword<'a, T: Copy + Send + Sync + 'static>(
    bounds: Option<Bounds<T>>,
    usage: &'static str,
    message: &'static str,
    is_allowed: fn(Bounds<T>, &str, &str) -> bool,
) -> Factory<'a> {
    by_rule(bounds, usage, move |bounds, instance| {
        match size::split(instance.as_str()?) {
            None => Some("not a size of the form <width>x<height> or <width>*<height>"),
            Some((width, height)) => (!is_allowed(*bounds, width, height)).then_some(message),
        }
    })
}

impl Bounds<u64> {
    fn has_area(self, width: &str, height: &str) -> bool {
        // Beyond 64 bits, a side alone is larger than any maximum can say.
        let area = width
            .parse::<u64>()
            .and_then(|width| Ok(u128::from(width) * u128::from(height.parse::<u64>()?)))
            .unwrap_or(u128::MAX);
        self.minimum.is_none_or(|least| area >= least.into())
            && self.maximum.is_none_or(|most| area <= most.into())
    }

    fn has_sides(self, width: &str, height: &str) -> bool {
        self.has_side(width) && self.has_side(height)
    }

    fn has_side(self, side: &str) -> bool {
        // Beyond 64 bits, a side is larger than any bound can say.
        match side.parse::<u64>() {
            Ok(side) => {
                self.minimum.is_none_or(|least| side >= least)
                    && self.maximum.is_none_or(|most| side <= most)
            }
            Err(_) => self.maximum.is_none(),
        }
    }
}

type Ratio = (u64, u64);

fn ratio(value: &Value) -> Option<Ratio> {
    let (width, height) = value.as_str()?.split_once(':')?;
    size::split(&format!("{width}x{height}"))?;
    Some((width.parse().ok()?, height.parse().ok()?))
}

impl Bounds<Ratio> {
    fn has_ratio(self, width: &str, height: &str) -> bool {
        // width / height against a / b is width * b against height * a, which
        // needs no rounding.
        let compare = |(a, b): Ratio| compare(&product(width, b), &product(height, a));
        self.minimum.is_none_or(|least| compare(least).is_ge())
            && self.maximum.is_none_or(|most| compare(most).is_le())
    }
}

/// The two bounds, or `None` where the rule isn't made of them.
fn bounds<T>(rule: &Value, read: fn(&Value) -> Option<T>) -> Option<Bounds<T>> {
    let rule = rule.as_object()?;
    let known = ["minimum", "maximum"];
    if rule.keys().any(|key| !known.contains(&key.as_str())) {
        return None;
    }
    let bound = |name| match rule.get(name) {
        Some(value) => read(value).map(Some),
        None => Some(None),
    };
    Some(Bounds {
        minimum: bound("minimum")?,
        maximum: bound("maximum")?,
    })
}

/// A number in decimal digits times a factor, in decimal digits, last digit first.
fn product(digits: &str, factor: u64) -> Vec<u8> {
    let mut product = Vec::with_capacity(digits.len() + 20);
    let mut carry = 0_u128;
    for digit in digits.bytes().rev() {
        carry += u128::from(digit - b'0') * u128::from(factor);
        product.push((carry % 10) as u8);
        carry /= 10;
    }
    while carry > 0 {
        product.push((carry % 10) as u8);
        carry /= 10;
    }
    product
}

/// Compares numbers without leading zeros, as every [`product`] is.
fn compare(left: &[u8], right: &[u8]) -> Ordering {
    let length = left.len().cmp(&right.len());
    length.then_with(|| left.iter().rev().cmp(right.iter().rev()))
}
