//! Numbers and their bounds.

use apifox_runtime::{BoundedInt, Limit};
use serde_json::Value;

use crate::kind::NUMBER_RULES;
use crate::lower::hint::Hint;
use crate::lower::lowering::Lowering;
use crate::model::{Bound, BoundedNumber, IntType, Shape, TypeRef};
use crate::schema::Schema;

impl<'d> Lowering<'d> {
    /// `None` for limits that don't fit 64 bits.
    pub fn integer(&mut self, schema: &Schema<'d>, hint: &Hint) -> Option<TypeRef> {
        if let Some(of) = int_type(schema) {
            return Some(TypeRef::Int(of));
        }
        match bounded_int(schema) {
            Some(bounded) => Some(self.declare(schema, hint, Shape::BoundedInt(bounded))),
            None => self.bounded_number(schema, TypeRef::Integer, hint),
        }
    }

    /// `None` for limits that don't fit 64 bits.
    pub fn number(&mut self, schema: &Schema<'d>, hint: &Hint) -> Option<TypeRef> {
        let has_rules = |rules: &[&str]| rules.iter().any(|name| schema.has(name));
        let most = f64::from(f32::MAX);
        match schema.get("x-format").and_then(Value::as_str) {
            Some("double") if !has_rules(&NUMBER_RULES) => return Some(TypeRef::Double),
            Some("float")
                if !has_rules(&NUMBER_RULES[2..])
                    && schema.get("minimum").and_then(Value::as_f64) == Some(-most)
                    && schema.get("maximum").and_then(Value::as_f64) == Some(most) =>
            {
                return Some(TypeRef::Float);
            }
            _ => {}
        }
        self.bounded_number(schema, TypeRef::Number, hint)
    }

    fn bounded_number(&mut self, schema: &Schema<'d>, of: TypeRef, hint: &Hint) -> Option<TypeRef> {
        let bounds = NUMBER_RULES.into_iter().filter_map(|keyword| {
            let limit = limit(schema.get(keyword)?);
            Some(limit.map(|limit| Bound { keyword, limit }))
        });
        let bounds: Vec<Bound> = bounds.collect::<Option<_>>()?;
        if bounds.is_empty() {
            return Some(of);
        }
        let bounded = BoundedNumber { of, bounds };
        Some(self.declare(schema, hint, Shape::BoundedNumber(bounded)))
    }
}

/// The type of Rust that holds just what a schema's bounds let through.
fn int_type(schema: &Schema<'_>) -> Option<IntType> {
    if NUMBER_RULES[2..].iter().any(|name| schema.has(name)) {
        return None;
    }
    let (least, most) = (schema.get("minimum")?, schema.get("maximum")?);
    IntType::within(least.as_i64()?, most.as_u64()?)
}

fn limit(value: &Value) -> Option<Limit> {
    match value.as_i64() {
        Some(limit) => Some(Limit::Integer(limit)),
        None if value.is_f64() => value.as_f64().map(Limit::Float),
        None => None,
    }
}

/// The bounds of an integer within 64 bits; `None` where they are not both there.
fn bounded_int(schema: &Schema<'_>) -> Option<BoundedInt> {
    let least = [
        bound(schema, "minimum", f64::ceil, 0)?,
        bound(schema, "exclusiveMinimum", f64::ceil, 1)?,
    ];
    let most = [
        bound(schema, "maximum", f64::floor, 0)?,
        bound(schema, "exclusiveMaximum", f64::floor, -1)?,
    ];
    let multiple_of = match schema.get("multipleOf") {
        None => 1,
        Some(divisor) => divisor.as_u64()?,
    };
    let bounded = BoundedInt {
        minimum: least.into_iter().flatten().max()?,
        maximum: most.into_iter().flatten().min()?,
        multiple_of,
    };
    (bounded.minimum <= bounded.maximum).then_some(bounded)
}

/// The bound that the keyword `name` sets: a fraction rounded inward, and a
/// whole number moved by `step` to be inclusive. The outer `None` is for one
/// that does not fit.
#[expect(
    clippy::option_option,
    reason = "the outer one is for what can't be said"
)]
fn bound(
    schema: &Schema<'_>,
    name: &str,
    inward: fn(f64) -> f64,
    step: i64,
) -> Option<Option<i64>> {
    let Some(value) = schema.get(name) else {
        return Some(None);
    };
    let bound = match value.as_i64() {
        Some(whole) => whole.checked_add(step)?,
        None => {
            let float = value.as_f64()?;
            let step = if float.fract() == 0.0 { step } else { 0 };
            exact(inward(float))?.checked_add(step)?
        }
    };
    Some(Some(bound))
}

/// The integer that a float without a fraction is, as far as it is certainly that.
pub(super) fn exact(float: f64) -> Option<i64> {
    /// Past this a float no longer tells one integer from the next.
    const EXACT: f64 = 9_007_199_254_740_991.0;
    #[expect(clippy::cast_possible_truncation, reason = "checked to be exact")]
    (float.abs() <= EXACT).then_some(float as i64)
}
