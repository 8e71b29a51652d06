//! Scripts: what each step answers, how often it is played, and what is refused.

use std::io::Read as _;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::read::GzDecoder;
use inkstone_sandbox::Sandbox;
use serde_json::{Value, json};

use crate::support::http::{DASHSCOPE, GATEWAY, KEY, Reply, get, post, send};
use crate::{builder, sandbox};

pub const WAN: &str = r#"{"model": "wan2.7-image-pro", "prompt": "p", "size": "1024x768", "n": 3}"#;
const QWEN: &str = r#"{"model": "qwen-image-2.0",
    "input": {"messages": [{"role": "user", "content": [{"text": "p"}]}]}}"#;

pub async fn scripted(steps: Value) -> Sandbox {
    builder().tiny(true).script(steps).start().await.unwrap()
}

/// The reply to a good request that a step is played for, and whether it counts.
async fn played(step: Value, path: &str) -> (Reply, bool) {
    let sandbox = scripted(step.clone()).await;
    let body = if path == GATEWAY { WAN } else { QWEN };
    let reply = post(&sandbox, path, &[KEY], body).await;
    let entry = sandbox.journal().remove(0);
    assert_eq!(
        (entry.step, entry.status),
        (Some(0), reply.status),
        "{step}"
    );
    assert_eq!(get(&sandbox, "/_script").await.json(), json!([]), "{step}");
    let stats = sandbox.stats();
    assert_eq!(stats.submitted, u64::from(entry.submitted), "{step}");
    (reply, entry.submitted)
}

/// Steps with an error, and the status and code of the reply.
const ERRORS: [(&str, u16, &str); 12] = [
    (
        r#"{"error": "Throttling.RateQuota"}"#,
        429,
        r#""Throttling.RateQuota""#,
    ),
    (
        r#"{"error": "DataInspectionFailed"}"#,
        400,
        r#""DataInspectionFailed""#,
    ),
    (r#"{"error": "RequestTimeOut"}"#, 408, r#""RequestTimeOut""#),
    (
        r#"{"error": "ModelUnavailable"}"#,
        503,
        r#""ModelUnavailable""#,
    ),
    (
        r#"{"error": "ModelServingError", "status": 500}"#,
        500,
        r#""ModelServingError""#,
    ),
    (
        r#"{"error": "invalid_request", "status": 500}"#,
        500,
        r#""invalid_request""#,
    ),
    (
        r#"{"error": "insufficient_user_quota"}"#,
        403,
        r#""insufficient_user_quota""#,
    ),
    (
        r#"{"error": "Unheard.Of", "status": 418}"#,
        418,
        r#""Unheard.Of""#,
    ),
    (
        r#"{"error": "InternalError", "status": 200}"#,
        200,
        r#""InternalError""#,
    ),
    (r#"{"error": "Throttling", "code": null}"#, 429, "null"),
    (r#"{"code": 1302, "status": 429}"#, 429, "1302"),
    (r#"{"code": "x"}"#, 500, r#""x""#),
];

fn parsed(json: &str) -> Value {
    serde_json::from_str(json).unwrap()
}

#[tokio::test]
async fn errors_have_their_status_and_their_api_s_shape() {
    for (step, status, code) in ERRORS {
        let (step, code): (Value, Value) = (parsed(step), parsed(code));
        let (reply, submitted) = played(step.clone(), GATEWAY).await;
        assert_eq!(
            (reply.status, &reply.json()["error"]["code"]),
            (status, &code),
            "{step}"
        );
        assert!(!submitted, "{step}");
        let (reply, submitted) = played(step.clone(), DASHSCOPE).await;
        assert_eq!(
            (reply.status, &reply.json()["code"]),
            (status, &code),
            "{step}"
        );
        assert!(!submitted, "{step}");
    }
}

#[tokio::test]
async fn members_of_an_error_can_be_set() {
    let step = json!({"status": 500, "type": "upstream_error", "message": "down"});
    let (reply, _) = played(step, GATEWAY).await;
    assert_eq!(reply.message(), "down");
    assert_eq!(reply.json()["error"]["type"], "upstream_error");
    let (reply, _) = played(json!({"status": 503}), DASHSCOPE).await;
    assert_eq!(reply.json()["code"], "ModelUnavailable");
    let step = json!({"error": "InternalError", "submitted": true, "remove": ["/request_id"]});
    let (reply, submitted) = played(step, DASHSCOPE).await;
    assert!(submitted && reply.json().get("request_id").is_none());
}

#[tokio::test]
async fn retry_after_is_as_the_script_says() {
    let cases = [
        (json!({"error": "Throttling"}), None),
        (json!({"error": "Throttling", "retry_after": 2}), Some("2")),
        (
            json!({"error": "Throttling", "retry_after": 1_814_400}),
            Some("1814400"),
        ),
        (
            json!({"error": "Throttling", "retry_after": "soon"}),
            Some("soon"),
        ),
        (
            json!({"error": "Throttling", "headers": {"Retry-After": "7"}}),
            Some("7"),
        ),
    ];
    for (step, expected) in cases {
        let (reply, _) = played(step.clone(), DASHSCOPE).await;
        assert_eq!(reply.header("Retry-After"), expected, "{step}");
    }
    let step = json!({"error": "Throttling", "retry_after": {"date": 60}});
    let (reply, _) = played(step, GATEWAY).await;
    let date = httpdate::parse_http_date(reply.header("Retry-After").unwrap()).unwrap();
    let ahead = date.duration_since(std::time::SystemTime::now()).unwrap();
    assert!((50..=61).contains(&ahead.as_secs()), "{ahead:?}");
}

#[tokio::test]
async fn a_right_reply_is_changed_as_the_script_says() {
    let url = |reply: &Value, index: usize| reply["data"][index]["url"].as_str().unwrap().len();
    let reply = |step| async { played(step, GATEWAY).await };

    let (text, submitted) = reply(json!({"set": {"/data/*/b64_json": ""}})).await;
    let text = text.json();
    assert!(submitted && url(&text, 2) > 0);
    assert_eq!(text["data"][2]["b64_json"], "");

    let (text, _) = reply(json!({"pictures": "b64_json"})).await;
    let text = text.json();
    assert_eq!(url(&text, 0), 0);
    let file = STANDARD
        .decode(text["data"][0]["b64_json"].as_str().unwrap())
        .unwrap();
    assert!(file.starts_with(b"\x89PNG"));

    let (text, _) = reply(json!({"set": {"/extra": 1, "/data": []}, "remove": ["/created"]})).await;
    assert_eq!(text.json(), json!({"data": [], "extra": 1}));

    let (text, submitted) = reply(json!({"truncate": 12})).await;
    assert_eq!((text.text().len(), submitted), (12, true));
    assert_eq!(text.header("Content-Length"), Some("12"));

    let (text, submitted) = played(json!({"remove": ["/usage"]}), DASHSCOPE).await;
    assert!(submitted && text.json()["output"]["choices"].is_array());
    assert_eq!(text.json().get("usage"), None);

    let (text, submitted) = reply(json!({"metadata": "object"})).await;
    let text = text.json();
    assert!(submitted);
    assert_eq!(text["data"].as_array().unwrap().len(), 1);
    assert_eq!(
        text["metadata"]["output"]["choices"]
            .as_array()
            .unwrap()
            .len(),
        3
    );

    let (text, _) = reply(json!({"metadata": "text"})).await;
    let metadata = text.json()["metadata"].as_str().unwrap().to_owned();
    let metadata: Value = serde_json::from_str(&metadata).unwrap();
    assert_eq!(metadata["output"]["choices"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn the_bytes_of_a_reply_are_changed_as_the_script_says() {
    let reply = |step| async { played(step, GATEWAY).await };

    let (text, submitted) = reply(json!({
        "replace": {"\"created\":": "\"text\":\"\\ud800\",\"created\":", "http:": {"base64": "SFRUUDo="}},
        "prepend": {"base64": "77u/"},
        "append": "<!-- -->",
    }))
    .await;
    let text = text.text();
    assert!(submitted && text.starts_with("\u{feff}{") && text.ends_with("}<!-- -->"));
    assert!(text.contains(r#""text":"\ud800","created":"#), "{text}");
    assert_eq!(
        (text.matches("HTTP:").count(), text.find("http:")),
        (3, None)
    );

    let (packed, _) = reply(json!({"gzip": true})).await;
    assert_eq!(packed.header("Content-Encoding"), Some("gzip"));
    let mut whole = String::new();
    GzDecoder::new(&*packed.body)
        .read_to_string(&mut whole)
        .unwrap();
    assert!(whole.starts_with('{') && whole.ends_with('}'), "{whole}");

    for (status, path) in [(400, GATEWAY), (429, DASHSCOPE)] {
        let (paid, submitted) = played(json!({"status": status, "fulfilled": true}), path).await;
        assert_eq!((paid.status, submitted), (status, true));
        assert!(paid.text().contains(".png"), "{}", paid.text());
    }
}

#[tokio::test]
async fn any_bytes_are_answered_with_any_status_and_type() {
    type Case = (Value, u16, &'static str, &'static [u8], bool);
    let cases: [Case; 6] = [
        (
            json!({"body": "{\"data\": ["}),
            200,
            "application/json",
            b"{\"data\": [",
            true,
        ),
        (
            json!({"body": {"text": "<p>"}, "content_type": "text/html"}),
            200,
            "text/html",
            b"<p>",
            true,
        ),
        (
            json!({"body": {"base64": "/wD+"}}),
            200,
            "application/octet-stream",
            b"\xff\0\xfe",
            true,
        ),
        (
            json!({"body": "", "status": 502, "submitted": false}),
            502,
            "application/json",
            b"",
            false,
        ),
        (
            json!({"html": "<b>no</b>", "status": 504}),
            504,
            "text/html; charset=UTF-8",
            b"<b>no</b>",
            true,
        ),
        (
            json!({"redirect": "http://127.0.0.1:9/x"}),
            307,
            "text/plain",
            b"",
            false,
        ),
    ];
    for (step, status, kind, body, counts) in cases {
        for path in [GATEWAY, DASHSCOPE] {
            let (reply, submitted) = played(step.clone(), path).await;
            let found = (reply.status, reply.header("Content-Type"), &*reply.body);
            assert_eq!(found, (status, Some(kind), body), "{step}");
            assert_eq!(submitted, counts, "{step}");
        }
    }
}

#[tokio::test]
async fn pages_and_redirects_have_a_default_status() {
    let (reply, submitted) = played(json!({"html": true}), GATEWAY).await;
    assert!(submitted && reply.status == 524 && reply.text().contains("Error code 524"));
    let step = json!({"redirect": "http://127.0.0.1:9/x", "status": 302});
    let (reply, _) = played(step, GATEWAY).await;
    assert_eq!(
        (reply.status, reply.header("Location")),
        (302, Some("http://127.0.0.1:9/x"))
    );
}

#[tokio::test]
async fn steps_are_played_in_order_for_the_requests_they_are_for() {
    let sandbox = scripted(json!([
        {"status": 501, "on": "image"},
        {"status": 502, "model": "qwen-image-max"},
        {"status": 503, "on": "POST /v1/images/generations", "times": 2},
        {"status": 504, "on": "any"},
        {"status": 505, "on": "GET /nowhere", "times": "always"},
    ]))
    .await;
    let max = r#"{"model": "qwen-image-max", "prompt": "p"}"#;
    let mut found = Vec::new();
    for body in [WAN, max, WAN, WAN, WAN] {
        found.push(post(&sandbox, GATEWAY, &[KEY], body).await.status);
    }
    for path in ["/_images/1x1-00000000000000ff.png", "/nowhere", "/nowhere"] {
        found.push(get(&sandbox, path).await.status);
    }
    assert_eq!(found, [503, 502, 503, 504, 200, 501, 505, 505]);
    let steps: Vec<_> = sandbox.journal().iter().map(|entry| entry.step).collect();
    let expected = [
        Some(2),
        Some(1),
        Some(2),
        Some(3),
        None,
        Some(0),
        Some(4),
        Some(4),
    ];
    assert_eq!(steps, expected);
}

#[tokio::test]
async fn a_step_does_not_make_a_bad_request_count() {
    let sandbox = scripted(json!([{"html": true, "times": 2}, {"set": {"/a": 1}}])).await;
    post(
        &sandbox,
        GATEWAY,
        &[KEY],
        r#"{"model": "wan2.7-image-pro"}"#,
    )
    .await;
    post(&sandbox, GATEWAY, &[], WAN).await;
    let reply = post(&sandbox, GATEWAY, &[KEY], "{}").await;
    assert_eq!(reply.status, 404);
    assert_eq!(sandbox.stats().submitted, 0);
}

#[tokio::test]
async fn the_script_is_changed_while_the_server_runs() {
    let sandbox = sandbox().await;
    let step = |status: u16| json!({"status": status}).to_string();
    assert_eq!(get(&sandbox, "/_script").await.json(), json!([]));
    post(&sandbox, "/_script", &[], step(501)).await;
    let both = post(&sandbox, "/_script", &[], format!("[{}]", step(502)))
        .await
        .json();
    let expected = json!([
        {"status": 501, "number": 0, "times": 1},
        {"status": 502, "number": 1, "times": 1},
    ]);
    assert_eq!(both, expected);
    let one = send(&sandbox, "PUT", "/_script", &[], step(503))
        .await
        .json();
    assert_eq!(one, json!([{"status": 503, "number": 2, "times": 1}]));
    let none = send(&sandbox, "DELETE", "/_script", &[], "").await.json();
    assert_eq!(none, json!([]));
    sandbox.script(&json!({"status": 504})).unwrap();
    assert_eq!(post(&sandbox, GATEWAY, &[KEY], WAN).await.status, 504);
    assert_eq!(sandbox.journal().len(), 1);
}

/// Malformed steps, and how they are refused.
const MALFORMED: [(&str, &str); 11] = [
    (
        r#"5"#,
        r#"step 0: write an object, as in {"error": "Throttling"}, not 5"#,
    ),
    (
        r#"[{"status": 500}, {"delay": "1s"}]"#,
        r#"step 1: "delay": write milliseconds, as in {"delay": 1500}, not "1s""#,
    ),
    (
        r#"{"times": 0}"#,
        r#"step 0: "times": write a number from 1, or "always", as in {"times": 3}, not 0"#,
    ),
    (
        r#"{"status": 199}"#,
        r#"step 0: "status": write a status from 200 to 599, as in {"status": 503}, not 199"#,
    ),
    (
        r#"{"on": "pictures"}"#,
        concat!(
            r#"step 0: "on": write "generation", "submission", "task", "image", "any" or "#,
            r#"a method and a path, as in {"on": "generation"}, not "pictures""#
        ),
    ),
    (
        r#"{"cut": {"at": "body", "before": 5}}"#,
        concat!(
            r#"step 0: "cut": write where: "accept", "request", "head", "body" or "end", "#,
            r#"after how many bytes, and how: "close" or "reset", as in {"cut": "#,
            r#"{"after":100,"at":"body","how":"reset"}}, not {"at":"body","before":5}"#
        ),
    ),
    (
        r#"{"replace": {"": "x"}}"#,
        concat!(
            r#"step 0: "replace": write an object of texts, and of the texts or bytes in their "#,
            r#"place, as in {"replace": {"https:":"HTTPS:"}}, not {"":"x"}"#
        ),
    ),
    (
        r#"{"prepend": 1}"#,
        concat!(
            r#"step 0: "prepend": write a text, or an object with "text" or "base64", as in "#,
            r#"{"prepend": {"base64":"77u/"}}, not 1"#
        ),
    ),
    (
        r#"{"cut": "accept", "on": "any"}"#,
        concat!(
            r#"step 0: "cut" at "accept" ends a connection before a request is read: "#,
            r#"leave "on" and "model" out"#
        ),
    ),
    (
        r#"{"html": true, "expired": true}"#,
        r#"step 0: write one of "error", "body", "html", "redirect" and "expired""#,
    ),
    (
        r#"{"chunked": true, "cut": "body", "padding": 9}"#,
        r#"step 0: "chunked" with "cut" can't be combined with "drip" or "padding""#,
    ),
];

#[tokio::test]
async fn malformed_steps_are_refused_with_how_to_write_them() {
    let sandbox = sandbox().await;
    for (steps, message) in MALFORMED {
        let steps = parsed(steps);
        let reply = post(&sandbox, "/_script", &[], steps.to_string()).await;
        assert_eq!((reply.status, &*reply.message()), (400, message));
        let error = builder().script(steps).start().await.err().unwrap();
        assert_eq!(error.to_string(), format!("the script, {message}"));
    }
    for (steps, start) in [
        (
            json!({"speed": 1}),
            "step 0: there is no member \"speed\"; there are: on, model, ",
        ),
        (
            json!({"error": "Oops"}),
            "step 0: \"error\": \"Oops\" is not a documented code; write its",
        ),
        (
            json!({"task": ["DONE"]}),
            "step 0: \"task\": write an array of states: PENDING, ",
        ),
    ] {
        let message = post(&sandbox, "/_script", &[], steps.to_string())
            .await
            .message();
        assert!(message.starts_with(start), "{message}");
    }
    let reply = post(&sandbox, "/_script", &[], "{").await;
    assert_eq!(reply.status, 400);
    assert_eq!(get(&sandbox, "/_script").await.json(), json!([]));
}
