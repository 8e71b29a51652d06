//! Why a reply has fewer pictures than were asked for.

use apifox_client::excerpt;
use serde_json::Value;

use crate::error_body::{self, ErrorBody};

/// The members that hold a list of results, in one API or the other.
const LISTS: [&str; 5] = [
    "/data",
    "/output/results",
    "/output/choices",
    "/results",
    "/images",
];

/// Where DashScope counts what became of the pictures of a request.
const METRICS: [&str; 2] = ["/output/task_metric", "/task_metric"];

/// What is not told.
const NO_REASON: &str = "no reason given";

/// Why pictures are missing from a reply that has so many of those that were asked for, and may
/// break off within another: one reason for each that is missing.
pub(crate) fn shortfall(body: &Value, (made, is_cut): (usize, bool), asked: usize) -> Vec<String> {
    let mut reasons: Vec<String> = LISTS
        .iter()
        .filter_map(|list| body.pointer(list)?.as_array())
        .flatten()
        .filter_map(failure)
        .collect();
    if is_cut {
        reasons.push("the reply broke off within it".to_owned());
    }
    let missing = asked
        .saturating_sub(made)
        .max(reasons.len())
        .max(counted(body));
    if missing == 0 {
        return Vec::new();
    }
    let of_reply = error_body::read(body).map(|error| reason(&error));
    let otherwise = of_reply.unwrap_or_else(|| NO_REASON.to_owned());
    reasons.resize(missing, otherwise);
    reasons
}

/// How many pictures the reply counts as failed.
fn counted(body: &Value) -> usize {
    let metrics = METRICS.iter().find_map(|metrics| body.pointer(metrics));
    let failed = metrics.map(|metrics| &metrics["FAILED"]);
    let failed = failed.and_then(|failed| match failed {
        Value::String(text) => text.trim().parse().ok(),
        other => other.as_u64(),
    });
    // No request may ask for more than some dozens.
    failed.map_or(0, |failed| failed.min(1000) as usize)
}

/// Why an item of a list is not a picture, if it says so.
fn failure(item: &Value) -> Option<String> {
    // What went well may have a message to go with it, but no code.
    let code = error_body::scalar(&item["code"]);
    if item.get("error").is_none() && code.is_none() {
        return None;
    }
    let reported = error_body::read(item).unwrap_or(ErrorBody {
        code,
        ..ErrorBody::default()
    });
    Some(reason(&reported))
}

fn reason(error: &ErrorBody) -> String {
    let message = error.message.as_deref().unwrap_or(NO_REASON);
    let message = excerpt(message.as_bytes());
    match &error.code {
        Some(code) => format!("{message} (code {})", excerpt(code.as_bytes())),
        None => message,
    }
}

#[cfg(test)]
mod tests {
    use apifox_client::lenient;
    use serde_json::json;

    use super::shortfall;
    use crate::images::find::{MOST_VALUES, count};
    use crate::images::spool::Spools;

    #[test]
    fn a_picture_that_broke_off_is_missing() {
        let missing = |body: &[u8]| {
            let found = count(body, Spools::none());
            assert_eq!(found.0, 1);
            shortfall(
                &lenient::value(body, MOST_VALUES).unwrap_or_default(),
                found,
                1,
            )
        };
        let body = br#"{"data":[{"b64_json":"AAAA"},{"b64_json":"AAA"#;
        assert_eq!(missing(body), ["the reply broke off within it"]);
        assert!(missing(&body[..29]).is_empty());
    }

    #[test]
    fn every_missing_picture_has_a_reason() {
        let picture = json!({"url": "https://a/1.png"});
        let cases = [
            (json!({"data": [picture]}), 1, 1, vec![]),
            (json!({"data": [picture]}), 1, 3, vec!["no reason given"; 2]),
            (
                json!({"data": [picture, {"error": {"code": "c", "message": "m"}}]}),
                1,
                2,
                vec!["m (code c)"],
            ),
            // The request says nothing of how many.
            (json!({"data": [picture, {"error": "m"}]}), 1, 1, vec!["m"]),
            (
                json!({"output": {"results": [picture, {"code": "c", "message": "m"}, {"code": "d"}]}}),
                1,
                4,
                vec!["m (code c)", "no reason given (code d)", "no reason given"],
            ),
            (
                json!({"output": {"choices": [], "task_metric": {"TOTAL": 4, "SUCCEEDED": 3, "FAILED": 1}}}),
                3,
                1,
                vec!["no reason given"],
            ),
            (
                json!({"output": {"task_metric": {"FAILED": "2"}}}),
                2,
                4,
                vec!["no reason given"; 2],
            ),
            (
                json!({"code": "c", "message": "m", "output": {"results": [picture]}}),
                1,
                2,
                vec!["m (code c)"],
            ),
            (
                json!({"data": [picture, {"code": "", "message": "fine"}]}),
                1,
                1,
                vec![],
            ),
        ];
        for (body, made, asked, expected) in cases {
            let found = shortfall(&body, (made, false), asked);
            assert_eq!(found, expected, "{body}");
        }
    }
}
