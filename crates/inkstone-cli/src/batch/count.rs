//! How many pictures may a request make?

use serde_json::Value;

/// The pictures of a sequence whose request says nothing of their number.
const SEQUENCE: u32 = 12;

/// The pictures of a request to Wan that says nothing of their number: 1 or 4,
/// the vendor's pages disagree.
const WAN: u32 = 4;

/// The most pictures that `body` may make, each of which is billed.
pub fn worst_case(model: &str, body: &Value) -> u32 {
    let parameters = body.get("parameters").unwrap_or(body);
    let is_sequence = parameters["enable_sequential"] == true;
    match number(&parameters["n"]) {
        Some(n) => n,
        None if is_sequence => SEQUENCE,
        None if model.starts_with("wan") => WAN,
        None => 1,
    }
}

/// A whole number as JSON Schema has it, to which 2.0 belongs.
fn number(value: &Value) -> Option<u32> {
    let number = value.as_f64()?;
    // `as` ends at the largest number, which no document allows anyway.
    Some(number as u32)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::worst_case;

    #[test]
    fn what_a_request_leaves_open_is_counted_at_its_worst() {
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
}
