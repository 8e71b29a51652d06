//! The headers that control the sandbox.

use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use tokio::time::timeout;

use crate::pictures::dimensions;
use crate::sandbox;
use crate::support::http::{DASHSCOPE, GATEWAY, KEY, post};

const WAN: &str = r#"{"model": "wan2.7-image-pro", "prompt": "p", "size": "1024x768"}"#;

#[tokio::test]
async fn a_status_can_be_forced() {
    let sandbox = sandbox().await;
    let cases = [
        (200, "", "InternalError"),
        (400, "invalid_request", "InvalidParameter"),
        (401, "", "InvalidApiKey"),
        (403, "access_denied", "AccessDenied"),
        (404, "", "NotFound"),
        (408, "", "RequestTimeOut"),
        (418, "", "BadRequest"),
        (429, "rate_limit_exceeded", "Throttling.RateQuota"),
        (500, "bad_response_status_code", "InternalError"),
        (503, "bad_response_status_code", "ModelUnavailable"),
        (504, "bad_response_status_code", "InternalError.Timeout"),
        (599, "bad_response_status_code", "InternalError"),
    ];
    for (status, gateway, dashscope) in cases {
        let text = status.to_string();
        let headers = [KEY, ("X-Sandbox-Status", &text)];
        let reply = post(&sandbox, GATEWAY, &headers, WAN).await;
        assert_eq!(
            (reply.status, &reply.json()["error"]["code"]),
            (status, &json!(gateway))
        );
        assert_eq!(
            reply.message(),
            format!("the sandbox was asked to answer {status}")
        );
        let reply = post(&sandbox, DASHSCOPE, &headers, WAN).await;
        assert_eq!(
            (reply.status, &reply.json()["code"]),
            (status, &json!(dashscope))
        );
    }
    assert!(sandbox.journal().iter().all(|entry| !entry.submitted));
}

#[tokio::test]
async fn an_example_is_answered_as_it_is() {
    let sandbox = sandbox().await;
    let missing = r#"{"error": {"message": "Invalid URL (GET /v1/images/generations)", "type": "invalid_request_error", "param": "", "code": ""}}"#;
    for (name, status) in [("未找到", "404"), ("%E6%9C%AA%E6%89%BE%E5%88%B0", "200")] {
        let headers = [("X-Sandbox-Example", name), ("X-Sandbox-Status", status)];
        let reply = post(&sandbox, GATEWAY, &headers, WAN).await;
        assert_eq!(
            (&*reply.status.to_string(), reply.text()),
            (status, missing)
        );
        assert_eq!(reply.header("Content-Type"), Some("application/json"));
    }
    let max = r#"{"model": "qwen-image-max"}"#;
    let headers = [("X-Sandbox-Example", "成功示例")];
    let reply = post(&sandbox, GATEWAY, &headers, max).await;
    assert_eq!(
        (reply.status, &reply.json()["created"]),
        (200, &json!(1_767_842_675))
    );
    let reply = post(&sandbox, DASHSCOPE, &headers, max).await;
    assert_eq!(
        (reply.status, &reply.json()["usage"]["width"]),
        (200, &json!(1664))
    );
}

#[tokio::test]
async fn malformed_headers_are_refused_with_how_to_write_them() {
    let sandbox = sandbox().await;
    let cases = [
        (
            ("X-Sandbox-Status", "teapot"),
            r#"X-Sandbox-Status: write a status from 200 to 599, as in "X-Sandbox-Status: 503", not "teapot""#,
        ),
        (
            ("X-Sandbox-Status", "199"),
            r#"X-Sandbox-Status: write a status from 200 to 599, as in "X-Sandbox-Status: 503", not "199""#,
        ),
        (
            ("X-Sandbox-Delay", "1s"),
            r#"X-Sandbox-Delay: write milliseconds, as in "X-Sandbox-Delay: 1500", not "1s""#,
        ),
        (
            ("X-Sandbox-Reply", "base64"),
            r#"X-Sandbox-Reply: write url or b64_json, as in "X-Sandbox-Reply: b64_json", not "base64""#,
        ),
        (
            ("X-Sandbox-Example", ""),
            r#"X-Sandbox-Example: write the name of an example, as in "X-Sandbox-Example: 成功示例", not """#,
        ),
        (
            ("X-Sandbox-Example", "else"),
            r#"X-Sandbox-Example: there is no example "else"; there are: "服务器内部错误", "未找到""#,
        ),
    ];
    for (header, message) in cases {
        let reply = post(&sandbox, GATEWAY, &[KEY, header], WAN).await;
        assert_eq!((reply.status, &*reply.message()), (400, message));
        assert_eq!(reply.json()["error"]["param"], header.0);
    }
    let headers = [KEY, ("X-Sandbox-Example", "else")];
    let reply = post(&sandbox, DASHSCOPE, &headers, "?").await;
    assert_eq!(
        reply.message(),
        r#"X-Sandbox-Example: there is no example "else"; there are: "鉴权失败""#
    );
}

#[tokio::test]
async fn a_delayed_request_is_in_the_journal_though_its_client_gave_up() {
    let sandbox = sandbox().await;
    let start = Instant::now();
    let headers = [KEY, ("X-Sandbox-Delay", "300")];
    assert_eq!(post(&sandbox, GATEWAY, &headers, WAN).await.status, 200);
    assert!(start.elapsed() >= Duration::from_millis(300));

    let headers = [KEY, ("X-Sandbox-Delay", "600000")];
    let patience = Duration::from_millis(300);
    let gave_up = timeout(patience, post(&sandbox, GATEWAY, &headers, WAN)).await;
    assert!(gave_up.is_err());
    let submitted: Vec<_> = sandbox
        .journal()
        .iter()
        .map(|entry| entry.submitted)
        .collect();
    assert_eq!(submitted, [true, true]);
}

#[tokio::test]
async fn pictures_can_be_in_the_reply_itself() {
    let sandbox = sandbox().await;
    let headers = [KEY, ("X-Sandbox-Reply", "b64_json")];
    let reply = post(&sandbox, GATEWAY, &headers, WAN).await.json();
    let item = &reply["data"][0];
    assert_eq!(item["url"], "");
    let file = STANDARD.decode(item["b64_json"].as_str().unwrap()).unwrap();
    assert_eq!(dimensions(&file), (1024, 768));

    let body = json!({"model": "qwen-image-max", "input": {"messages": [
        {"role": "user", "content": [{"text": "p"}]},
    ]}});
    let reply = post(&sandbox, DASHSCOPE, &headers, body.to_string()).await;
    let message =
        "X-Sandbox-Reply: the replies of dashscope/qwen-image-max can't hold base64; write url";
    assert_eq!((reply.status, &*reply.message()), (400, message));
}
