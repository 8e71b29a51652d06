//! The form of the keyword `x-image`, which says what pictures an API accepts.

use serde_json::Value;

/// The formats that a client recognises.
const FORMATS: [&str; 6] = ["png", "jpeg", "webp", "gif", "bmp", "tiff"];

/// Whether a value of `x-image` is well formed.
pub fn is_well_formed(value: &Value) -> bool {
    members(value, |name, value| match name {
        "formats" => is_formats(value),
        "maxBytes" => value.is_u64(),
        "side" => is_bounds(value, Value::is_u64),
        "ratio" => is_bounds(value, is_ratio),
        _ => false,
    })
}

/// Whether `value` is an object with well-formed members.
fn members(value: &Value, is_well_formed: impl Fn(&str, &Value) -> bool) -> bool {
    let members = value.as_object();
    members.is_some_and(|members| {
        members
            .iter()
            .all(|(name, value)| is_well_formed(name, value))
    })
}

fn is_formats(value: &Value) -> bool {
    let is_known = |format: &Value| format.as_str().is_some_and(|name| FORMATS.contains(&name));
    value
        .as_array()
        .is_some_and(|formats| !formats.is_empty() && formats.iter().all(is_known))
}

fn is_bounds(value: &Value, is_bound: impl Fn(&Value) -> bool) -> bool {
    members(value, |name, value| {
        matches!(name, "minimum" | "maximum") && is_bound(value)
    })
}

/// Width to height: two whole numbers above 0.
fn is_ratio(value: &Value) -> bool {
    let is_side = |text: &str| text.parse::<u32>().is_ok_and(|side| side > 0);
    let sides = value.as_str().and_then(|text| text.split_once(':'));
    sides.is_some_and(|(width, height)| is_side(width) && is_side(height))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::is_well_formed;

    #[test]
    fn only_what_a_client_understands_is_formed() {
        let formed = [
            json!({}),
            json!({"formats": ["png", "jpeg", "webp", "gif", "bmp", "tiff"], "maxBytes": 1}),
            json!({"side": {"minimum": 240, "maximum": 8000}}),
            json!({"side": {}, "ratio": {"maximum": "8:1"}}),
        ];
        let other = [
            json!([]),
            json!({"formats": []}),
            json!({"formats": ["jpg"]}),
            json!({"formats": "png"}),
            json!({"maxBytes": -1}),
            json!({"maxBytes": "10 MB"}),
            json!({"maxbytes": 10}),
            json!({"side": 10}),
            json!({"side": {"min": 10}}),
            json!({"ratio": {"minimum": 0.125}}),
            json!({"ratio": {"minimum": "1:0"}}),
            json!({"ratio": {"minimum": "1/8"}}),
        ];
        for value in formed {
            assert!(is_well_formed(&value), "{value}");
        }
        for value in other {
            assert!(!is_well_formed(&value), "{value}");
        }
    }
}
