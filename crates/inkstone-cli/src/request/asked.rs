//! How many pictures a request asks for, and how many it may make.

use serde_json::Value;

/// How many pictures a sequence may have if the request does not say; no request makes more.
pub const SEQUENCE: u32 = 12;

/// How many pictures Wan may make if the request does not say: 1 or 4, the vendor's pages
/// disagree.
const WAN: u32 = 4;

/// The most pictures that `body` may make, each of which is billed.
pub fn worst_case(model: &str, body: &Value) -> u32 {
    let parameters = parameters(body);
    match integer(&parameters["n"]) {
        Some(n) => n,
        None if is_sequence(parameters) => SEQUENCE,
        None if model.starts_with("wan") => WAN,
        None => 1,
    }
}

/// The fewest pictures that a reply to `body` has if nothing is missing: one unless the
/// request says otherwise, and in a sequence, where the number is a maximum.
pub fn asked(body: &Value) -> u32 {
    let parameters = parameters(body);
    match integer(&parameters["n"]) {
        Some(n) if !is_sequence(parameters) => n.max(1),
        _ => 1,
    }
}

fn parameters(body: &Value) -> &Value {
    body.get("parameters").unwrap_or(body)
}

fn is_sequence(parameters: &Value) -> bool {
    parameters["enable_sequential"] == true
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

    use super::{asked, worst_case};

    #[test]
    fn a_missing_number_is_counted_at_its_worst() {
        let cases = [
            ("qwen-image-max", json!({}), 1),
            ("qwen-image-2.0", json!({"n": 3}), 3),
            (
                "qwen-image-2.0",
                json!({"input": {}, "parameters": {"n": 6}}),
                6,
            ),
            ("wan2.7-image-pro", json!({}), 4),
            ("wan2.7-image-pro", json!({"n": 1}), 1),
            ("wan2.7-image-pro", json!({"n": 2.0}), 2),
            (
                "wan2.7-image",
                json!({"parameters": {"enable_sequential": true}}),
                12,
            ),
            (
                "wan2.7-image",
                json!({"parameters": {"enable_sequential": true, "n": 5}}),
                5,
            ),
            (
                "wan2.7-image",
                json!({"parameters": {"enable_sequential": false}}),
                4,
            ),
        ];
        for (model, body, expected) in cases {
            assert_eq!(worst_case(model, &body), expected, "{model} {body}");
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
