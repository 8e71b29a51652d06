//! Numbers and their bounds.

use apifox_runtime::Limit;
use serde_json::Value;

use super::{Hint, Lowering};
use crate::model::{Bound, Bounded, Shape, Use, Whole};
use crate::schema::Schema;

const RULES: [&str; 5] = [
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
];

impl<'d> Lowering<'d> {
    /// `None` for limits that don't fit 64 bits.
    pub(super) fn integer(&mut self, schema: &Schema<'d>, hint: &Hint) -> Option<Use> {
        match whole(schema) {
            Some(whole) => Some(self.declare(schema, hint, Shape::Whole(whole))),
            None => self.bounded(schema, Use::Integer, hint),
        }
    }

    /// `None` for limits that don't fit 64 bits.
    pub(super) fn number(&mut self, schema: &Schema<'d>, hint: &Hint) -> Option<Use> {
        self.bounded(schema, Use::Number, hint)
    }

    fn bounded(&mut self, schema: &Schema<'d>, of: Use, hint: &Hint) -> Option<Use> {
        let bounds = RULES.into_iter().filter_map(|keyword| {
            let limit = limit(schema.get(keyword)?);
            Some(limit.map(|limit| Bound { keyword, limit }))
        });
        let bounds: Vec<Bound> = bounds.collect::<Option<_>>()?;
        if bounds.is_empty() {
            return Some(of);
        }
        let bounded = Bounded { of, bounds };
        Some(self.declare(schema, hint, Shape::Bounded(bounded)))
    }
}

fn limit(value: &Value) -> Option<Limit> {
    match value.as_i64() {
        Some(limit) => Some(Limit::Integer(limit)),
        None if value.is_f64() => value.as_f64().map(Limit::Float),
        None => None,
    }
}

/// The bounds of an integer within 64 bits; `None` where they are not both there.
fn whole(schema: &Schema<'_>) -> Option<Whole> {
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
    let whole = Whole {
        minimum: least.into_iter().flatten().max()?,
        maximum: most.into_iter().flatten().min()?,
        multiple_of,
    };
    (whole.minimum <= whole.maximum).then_some(whole)
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

fn exact(float: f64) -> Option<i64> {
    /// Past this a float no longer tells one integer from the next.
    const EXACT: f64 = 9_007_199_254_740_991.0;
    #[expect(clippy::cast_possible_truncation, reason = "checked to be exact")]
    (float.abs() <= EXACT).then_some(float as i64)
}
