//! Reads the error bodies of both APIs, whatever shape they are in.

use serde_json::Value;

/// What an error body says.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Fault {
    pub code: Option<String>,
    pub message: Option<String>,
    pub request_id: Option<String>,
}

/// The fault that a body reports: the gateway's under `error`, DashScope's at
/// the top; `None` when the body reports none.
pub(crate) fn read(body: &Value) -> Option<Fault> {
    let reported = match body.get("error") {
        Some(Value::String(message)) => {
            return Some(Fault {
                message: Some(message.clone()),
                ..Fault::default()
            });
        }
        Some(error @ Value::Object(_)) => error,
        _ if body.get("code").is_some() && body.get("message").is_some() => body,
        _ => return None,
    };
    let fault = Fault {
        code: scalar(&reported["code"]).or_else(|| scalar(&reported["type"])),
        message: scalar(&reported["message"]),
        request_id: scalar(&body["request_id"]),
    };
    // A reply may say `"code": ""` to report that nothing is wrong.
    (fault.code.is_some() || fault.message.is_some()).then_some(fault)
}

/// A code can be a string, a number or null; the empty string is as good as null.
fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Fault, read};

    #[test]
    fn every_known_shape_is_read() {
        let fault = |code: Option<&str>, message: Option<&str>| {
            Some(Fault {
                code: code.map(str::to_owned),
                message: message.map(str::to_owned),
                request_id: None,
            })
        };
        let cases = [
            (
                json!({"error": {"message": "m", "type": "t", "code": "c"}}),
                fault(Some("c"), Some("m")),
            ),
            (
                json!({"error": {"message": "m", "type": "t", "code": null}}),
                fault(Some("t"), Some("m")),
            ),
            (
                json!({"error": {"message": "m", "code": 1301}}),
                fault(Some("1301"), Some("m")),
            ),
            (json!({"error": "m"}), fault(None, Some("m"))),
            (
                json!({"code": "Throttling", "message": ""}),
                fault(Some("Throttling"), None),
            ),
            (json!({"code": "", "message": ""}), None),
            (json!({"created": 1, "data": []}), None),
            (json!([]), None),
        ];
        for (body, expected) in cases {
            assert_eq!(read(&body), expected, "{body}");
        }
    }
}
