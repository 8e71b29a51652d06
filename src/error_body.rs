//! Reads the error bodies of both APIs, whatever shape they are in.

use serde_json::Value;

/// What an error body says.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct ErrorBody {
    /// The code; the kind where there is none.
    pub code: Option<String>,
    /// The gateway's `type`: the family of the error.
    pub kind: Option<String>,
    pub message: Option<String>,
    pub request_id: Option<String>,
}

/// The error that a body reports: the gateway's under `error`, DashScope's at
/// the top; `None` when the body reports none.
pub(crate) fn read(body: &Value) -> Option<ErrorBody> {
    let reported = match body.get("error") {
        Some(Value::String(message)) => {
            return Some(ErrorBody {
                message: Some(message.clone()),
                request_id: quoted_id(message),
                ..ErrorBody::default()
            });
        }
        Some(error @ Value::Object(_)) => error,
        _ if body.get("code").is_some() && body.get("message").is_some() => body,
        _ => return None,
    };
    let kind = scalar(&reported["type"]);
    let message = scalar(&reported["message"]);
    let error = ErrorBody {
        code: scalar(&reported["code"]).or_else(|| kind.clone()),
        kind,
        request_id: scalar(&body["request_id"])
            .or_else(|| quoted_id(message.as_deref().unwrap_or_default())),
        message,
    };
    // A reply may say `"code": ""` to report that nothing is wrong.
    (error.code.is_some() || error.message.is_some()).then_some(error)
}

/// A code can be a string, a number or null; the empty string is as good as null.
pub(crate) fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The request id that the gateway appends to a message.
fn quoted_id(message: &str) -> Option<String> {
    let (_, id) = message.rsplit_once("(request id: ")?;
    let id = id.trim_end().strip_suffix(')')?.trim();
    (!id.is_empty()).then(|| id.to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{ErrorBody, read};

    #[test]
    fn every_known_shape_is_read() {
        let error = |code: Option<&str>, kind: Option<&str>, message: Option<&str>| {
            Some(ErrorBody {
                code: code.map(str::to_owned),
                kind: kind.map(str::to_owned),
                message: message.map(str::to_owned),
                request_id: None,
            })
        };
        let cases = [
            (
                json!({"error": {"message": "m", "type": "t", "code": "c"}}),
                error(Some("c"), Some("t"), Some("m")),
            ),
            (
                json!({"error": {"message": "m", "type": "t", "code": null}}),
                error(Some("t"), Some("t"), Some("m")),
            ),
            (
                json!({"error": {"message": "m", "code": 1301}}),
                error(Some("1301"), None, Some("m")),
            ),
            (json!({"error": "m"}), error(None, None, Some("m"))),
            (
                json!({"code": "Throttling", "message": ""}),
                error(Some("Throttling"), None, None),
            ),
            (json!({"code": "", "message": ""}), None),
            (json!({"created": 1, "data": []}), None),
            (json!([]), None),
        ];
        for (body, expected) in cases {
            assert_eq!(read(&body), expected, "{body}");
        }
    }

    #[test]
    fn the_request_id_is_found_where_either_api_puts_it() {
        let cases = [
            (
                json!({"code": "c", "message": "m", "request_id": "1"}),
                Some("1"),
            ),
            (
                json!({"error": {"message": "m (request id: 2)"}}),
                Some("2"),
            ),
            (json!({"error": "m (request id: 3) "}), Some("3")),
            (json!({"error": {"message": "m (request id: )"}}), None),
            (
                json!({"error": {"message": "m (request id: 4) or so"}}),
                None,
            ),
        ];
        for (body, expected) in cases {
            let error = read(&body).expect("an error");
            assert_eq!(error.request_id.as_deref(), expected, "{body}");
        }
    }
}
