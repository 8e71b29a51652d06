//! Integers and their bounds.

use serde_json::Value;

use super::{Hint, Lowering};
use crate::model::{Shape, Use, Whole};
use crate::schema::{Fault, Schema};

impl<'d> Lowering<'d> {
    pub(super) fn integer(&mut self, schema: &Schema<'d>, hint: &Hint) -> Option<Use> {
        let bounds = [
            "minimum",
            "maximum",
            "exclusiveMinimum",
            "exclusiveMaximum",
            "multipleOf",
        ];
        if bounds.iter().all(|name| schema.get(name).is_none()) {
            return Some(Use::Integer);
        }
        let whole = self.heard(schema, whole(schema))?;
        Some(self.declare(schema, hint, Shape::Whole(whole)))
    }
}

fn whole(schema: &Schema<'_>) -> Result<Whole, Fault> {
    let least = tighter(
        bound(schema, "minimum", f64::ceil)?,
        bound(schema, "exclusiveMinimum", |it| it.floor() + 1.0)?,
        i64::max,
    );
    let most = tighter(
        bound(schema, "maximum", f64::floor)?,
        bound(schema, "exclusiveMaximum", |it| it.ceil() - 1.0)?,
        i64::min,
    );
    let unbounded = |keyword| {
        Fault::new(
            keyword,
            "an integer that is bounded on one side only can't be held in 64 bits",
        )
        .remedy("add the other bound in a correction")
    };
    let multiple_of = match schema.get("multipleOf") {
        None => 1,
        Some(value) => value.as_u64().filter(|it| *it > 0).ok_or_else(|| {
            Fault::new("multipleOf", "is no whole number above 0")
                .remedy("an integer can only be held to a multiple of an integer")
        })?,
    };
    let whole = Whole {
        minimum: least.ok_or_else(|| unbounded("maximum"))?,
        maximum: most.ok_or_else(|| unbounded("minimum"))?,
        multiple_of,
    };
    if whole.minimum > whole.maximum {
        return Err(
            Fault::new("minimum", "is larger than the maximum: no value fits")
                .remedy("correct one of the two"),
        );
    }
    Ok(whole)
}

fn tighter(a: Option<i64>, b: Option<i64>, pick: fn(i64, i64) -> i64) -> Option<i64> {
    match (a, b) {
        (Some(a), Some(b)) => Some(pick(a, b)),
        (one, other) => one.or(other),
    }
}

/// The bound that the keyword `name` sets, made inclusive by `inward`.
fn bound(schema: &Schema<'_>, name: &str, inward: fn(f64) -> f64) -> Result<Option<i64>, Fault> {
    let Some(value) = schema.get(name) else {
        return Ok(None);
    };
    let fault =
        || Fault::new(name, "is no number that fits 64 bits").remedy("write a number of 64 bits");
    if let (Some(value), false) = (value.as_i64(), name.starts_with("exclusive")) {
        return Ok(Some(value));
    }
    let value = value.as_f64().map(inward).ok_or_else(fault)?;
    // Past this a float no longer tells one integer from the next.
    const EXACT: f64 = 9_007_199_254_740_991.0;
    if value.abs() > EXACT {
        return Err(fault());
    }
    let text = format!("{value:.0}");
    text.parse().map(Some).map_err(|_| fault())
}

/// A number of the schema as a bound that fits 64 bits without a sign.
pub(super) fn unsigned(value: Option<&Value>) -> Option<u64> {
    value.and_then(Value::as_u64)
}
