//! How many pictures a request may make.

use std::ops::RangeInclusive;

use inkstone::{ApiFacts, Operation};
use serde_json::{Value, json};

use crate::request::document;
use crate::request::shape::Shape;

/// The most pictures that are tried, should a document have no limit of its own.
const MOST: u32 = 100;

/// How few and how many pictures `body` may make, each of which is billed.
///
/// Where the body does not say how many, the document's default counts, or else as many as
/// it allows; more, where the API is known to make more.
pub fn picture_count(operation: &Operation, body: &Value) -> RangeInclusive<u32> {
    let given = integer(&parameters(body)["n"]);
    let most = given.unwrap_or_else(|| without_number(operation, body));
    fewest(body).min(most)..=most
}

/// The fewest pictures that a reply to `body` has if nothing is missing: one unless the
/// request says otherwise, and in a sequence, where the number is a maximum.
pub fn asked(body: &Value) -> usize {
    usize::try_from(fewest(body)).unwrap_or(usize::MAX)
}

fn fewest(body: &Value) -> u32 {
    let parameters = parameters(body);
    match integer(&parameters["n"]) {
        Some(n) if parameters["enable_sequential"] != true => n.max(1),
        _ => 1,
    }
}

fn parameters(body: &Value) -> &Value {
    body.get("parameters").unwrap_or(body)
}

/// The most pictures of a request that does not say how many.
fn without_number(operation: &Operation, body: &Value) -> u32 {
    let schema = document::request_schema(operation);
    let shape = Shape::of_schema(&schema);
    let Some(property) = shape.parameter(&schema, "n") else {
        return 1;
    };
    let keywords = document::resolve(&schema, property);
    let said = keywords.get("default").and_then(integer);
    let most = said.unwrap_or_else(|| {
        let most = keywords.get("maximum").and_then(integer).unwrap_or(1);
        let mut counts = (1..=most.min(MOST)).rev();
        let allowed = counts.find(|count| accepts(operation, body, &shape, *count));
        allowed.unwrap_or(1)
    });
    let facts = ApiFacts::find(operation.api);
    let model = body["model"].as_str().unwrap_or_default();
    let known = facts.and_then(|facts| facts.most_uncounted(model));
    most.max(known.unwrap_or(1))
}

/// Whether the document accepts so many pictures, whatever else is wrong with the body.
fn accepts(operation: &Operation, body: &Value, shape: &Shape, count: u32) -> bool {
    let mut body = body.clone();
    let Some(parameters) = shape.parameters_mut(&mut body) else {
        return false;
    };
    parameters.insert("n".to_owned(), json!(count));
    let pointer = format!("{}/n", shape.parent());
    document::broken_keywords(operation, &body, &pointer).is_empty()
}

/// An integer in the sense of JSON Schema, such as 2 or 2.0.
fn integer(value: &Value) -> Option<u32> {
    let number = value.as_f64()?;
    // `as` stops at the largest number, which no document allows.
    Some(number as u32)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{asked, picture_count};
    use crate::request::choose_operation;

    #[test]
    fn a_missing_number_is_counted_at_its_worst() {
        let sequential = |parameters: serde_json::Value| {
            let content = json!([{"text": "a cat"}]);
            json!({
                "model": "wan2.7-image",
                "input": {"messages": [{"role": "user", "content": content}]},
                "parameters": parameters,
            })
        };
        let cases = [
            (json!({"model": "qwen-image-max", "prompt": "a cat"}), 1..=1),
            (
                json!({"model": "qwen-image-2.0", "input": {}, "parameters": {"n": 6}}),
                6..=6,
            ),
            (
                json!({"model": "wan2.7-image-pro", "prompt": "a cat"}),
                1..=4,
            ),
            (
                json!({"model": "wan2.7-image-pro", "prompt": "a", "n": 1}),
                1..=1,
            ),
            (
                json!({"model": "wan2.7-image-pro", "prompt": "a", "n": 2.0}),
                2..=2,
            ),
            (sequential(json!({"enable_sequential": true})), 1..=12),
            (
                sequential(json!({"enable_sequential": true, "n": 5})),
                1..=5,
            ),
            (sequential(json!({"enable_sequential": false})), 1..=4),
            (sequential(json!("not an object")), 1..=4),
            (json!({"model": "qwen-image-3.0-pro", "input": {}}), 1..=1),
        ];
        for (body, expected) in cases {
            let model = body["model"].as_str().unwrap();
            let operation = choose_operation::by_body(None, model, &body).unwrap();
            assert_eq!(picture_count(operation, &body), expected, "{body}");
        }
    }

    #[test]
    fn the_fewest_that_are_asked_for_are_known() {
        let cases = [
            (json!({}), 1),
            (json!(null), 1),
            (json!({"n": 3}), 3),
            (json!({"n": 0}), 1),
            (json!({"parameters": {"n": 6}}), 6),
            (
                json!({"parameters": {"n": 6, "enable_sequential": true}}),
                1,
            ),
        ];
        for (body, expected) in cases {
            assert_eq!(asked(&body), expected, "{body}");
        }
    }
}
