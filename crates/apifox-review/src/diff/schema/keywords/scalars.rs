//! What is required of numbers and strings.

use serde_json::Value;

use super::requirement::Requirement;
use crate::diff::schema::bounds::Limit;
use crate::diff::schema::conjunction::Conjunction;
use crate::diff::schema::kinds::Kinds;
use crate::diff::schema::mismatch::Mismatch;
use crate::diff::schema::node::IMAGE;
use apifox_document::diagnostics::shortened;
use apifox_runtime::Decimal;

pub(super) fn number_mismatches(requirement: Requirement<'_, '_>) -> Vec<Mismatch> {
    let small = requirement.small;
    if !small.kinds.intersects(Kinds::NUMBER) {
        return Vec::new();
    }
    let is_whole = !small.kinds.intersects(Kinds::FRACTION)
        || small.divisors.iter().any(|divisor| divisor.is_whole());
    if let Some((limit, is_lower)) = Limit::from_keyword(requirement.keyword, requirement.value) {
        return match small.interval.is_within(limit, is_lower, is_whole) {
            true => Vec::new(),
            false => requirement.limit_mismatch(own_limit(small, requirement.keyword)),
        };
    }
    let is_met = Decimal::from_value(requirement.value).is_some_and(|divisor| {
        let whole = is_whole.then_some(Decimal::ONE);
        let mut own = small.divisors.iter().copied().chain(whole);
        own.any(|own| own.is_multiple_of(divisor))
    });
    requirement.value_mismatch(is_met)
}

/// The limit of a conjunction on the side of a keyword.
fn own_limit(small: &Conjunction<'_>, keyword: &str) -> Option<String> {
    let other = match keyword {
        "minimum" => "exclusiveMinimum",
        "exclusiveMinimum" => "minimum",
        "maximum" => "exclusiveMaximum",
        _ => "maximum",
    };
    let same = small.keyword_value(keyword).map(shortened);
    same.or_else(|| {
        let value = small.keyword_value(other)?;
        Some(format!("{other} {value}"))
    })
}

pub(super) fn string_mismatches(requirement: Requirement<'_, '_>) -> Vec<Mismatch> {
    let small = requirement.small;
    if !small.kinds.intersects(Kinds::STRING) {
        return Vec::new();
    }
    let mut values = small.keyword_values(requirement.keyword);
    match requirement.keyword {
        "minLength" | "maxLength" => {
            if small
                .lengths
                .is_within(requirement.keyword, requirement.value)
            {
                return Vec::new();
            }
            let limit = small.lengths.limit(requirement.keyword);
            requirement.limit_mismatch(limit.map(|limit| limit.to_string()))
        }
        // Different patterns are not compared by what they match.
        "pattern" => {
            let is_met = values.any(|value| value == requirement.value);
            requirement.value_mismatch(is_met)
        }
        IMAGE => {
            let is_met = values.any(|value| is_picture_within(value, requirement.value));
            requirement.value_mismatch(is_met)
        }
        _ => {
            let is_met = values.any(|value| is_size_within(value, requirement.value));
            requirement.value_mismatch(is_met)
        }
    }
}

/// Whether each picture that fits one `x-image` fits another.
fn is_picture_within(own: &Value, other: &Value) -> bool {
    let members = other.as_object();
    members.is_some_and(|members| {
        members
            .iter()
            .all(|(name, limit)| match (own.get(name), limit) {
                (Some(Value::Array(own)), Value::Array(all)) => {
                    own.iter().all(|format| all.contains(format))
                }
                (Some(Value::Number(own)), Value::Number(most)) => own.as_u64() <= most.as_u64(),
                (Some(own), limit) => is_size_within(own, limit),
                (None, Value::Object(bounds)) => bounds.is_empty(),
                (None, _) => false,
            })
    })
}

/// Whether the limits of a size are at least as narrow as others: `minimum` and `maximum`,
/// numbers or ratios.
fn is_size_within(own: &Value, other: &Value) -> bool {
    let is_within = |bound: &str, is_lower: bool| {
        let Some(limit) = other.get(bound) else {
            return true;
        };
        let own = own.get(bound);
        let Some(((a, b), (c, d))) = own.and_then(ratio).zip(ratio(limit)) else {
            return own == Some(limit);
        };
        match is_lower {
            true => a * d >= c * b,
            false => a * d <= c * b,
        }
    };
    is_within("minimum", true) && is_within("maximum", false)
}

fn ratio(limit: &Value) -> Option<(u128, u128)> {
    match limit {
        Value::String(ratio) => {
            let (width, height) = ratio.split_once(':')?;
            Some((width.parse().ok()?, height.parse().ok()?))
        }
        number => Some((number.as_u64()?.into(), 1)),
    }
}
