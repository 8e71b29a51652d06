//! Rules about limits from both sides.

use std::cmp::Ordering;

use apifox_runtime::Decimal;
use serde_json::Value;

use crate::lint::context::Context;
use crate::lint::corrections::patch::Patch;
use crate::lint::finding::Findings;
use crate::lint::schemas::Schema;

/// Lower and upper bounds of the same thing.
const BOUNDS: [(&str, &str); 8] = [
    ("minimum", "maximum"),
    ("minimum", "exclusiveMaximum"),
    ("exclusiveMinimum", "maximum"),
    ("exclusiveMinimum", "exclusiveMaximum"),
    ("minLength", "maxLength"),
    ("minItems", "maxItems"),
    ("minProperties", "maxProperties"),
    ("minContains", "maxContains"),
];

pub fn minimum_above_maximum(_: &Context<'_>, schema: &Schema<'_>, findings: &mut Findings<'_>) {
    for (lower, upper) in BOUNDS {
        let Some(least) = schema.get(lower) else {
            continue;
        };
        let Some(most) = schema.get(upper) else {
            continue;
        };
        let values = Decimal::from_value(least).zip(Decimal::from_value(most));
        let is_exclusive = lower.starts_with("excl") || upper.starts_with("excl");
        match values.map(|(least, most)| least.compare(most)) {
            Some(Ordering::Greater) => {
                add_swapped(findings, schema, (lower, least), (upper, most));
            }
            Some(Ordering::Equal) if is_exclusive => {
                add_empty(findings, schema, (lower, least), (upper, most));
            }
            _ => {}
        }
    }
}

fn add_swapped(
    findings: &mut Findings<'_>,
    schema: &Schema<'_>,
    (lower, least): (&str, &Value),
    (upper, most): (&str, &Value),
) {
    let (pointer, other) = (schema.member_pointer(lower), schema.member_pointer(upper));
    let message = format!("{lower} {least} is above {upper} {most}");
    let patch = Patch::replace(&pointer, least, most.clone()).and(Patch::replace(
        &other,
        most,
        least.clone(),
    ));
    findings.add(&pointer, message, "swap the two", patch);
}

/// Adds that two equal bounds leave no value, as one of them is exclusive.
fn add_empty(
    findings: &mut Findings<'_>,
    schema: &Schema<'_>,
    (lower, least): (&str, &Value),
    (upper, most): (&str, &Value),
) {
    let message = format!("no value is between {lower} {least} and {upper} {most}");
    let (exclusive, value) = match upper.starts_with("excl") {
        true => (upper, most),
        false => (lower, least),
    };
    let patch = Patch::remove(&schema.member_pointer(exclusive), value);
    let help = format!("remove {exclusive}, or widen the bounds");
    findings.add(&schema.member_pointer(lower), message, &help, patch);
}
