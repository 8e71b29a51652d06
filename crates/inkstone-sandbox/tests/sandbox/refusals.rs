//! Requests that are refused, and the exact messages.

use serde_json::{Value, json};

use crate::sandbox;
use crate::support::http::{self, DASHSCOPE, GATEWAY, KEY, get, post, send};

const GATEWAY_MODELS: &str =
    "qwen-image-2.0-2026-03-03, qwen-image-edit-2509, qwen-image-max, wan2.7-image-pro";

fn dashscope(parts: Value, parameters: Value) -> String {
    let messages = json!([{"role": "user", "content": parts}]);
    json!({"model": "qwen-image-2.0", "input": {"messages": messages}, "parameters": parameters})
        .to_string()
}

#[tokio::test]
async fn no_key_is_refused_in_each_api_s_shape() {
    let sandbox = sandbox().await;
    let message = "no API key: write \"Authorization: Bearer <key>\", with any key";
    for headers in [
        vec![],
        vec![("Authorization", "")],
        vec![("Authorization", "Bearer")],
        vec![("Authorization", "Bearer  ")],
        vec![("Authorization", "Bearersk")],
        vec![("Authorization", "Basic YTpi")],
    ] {
        let reply = post(&sandbox, GATEWAY, &headers, "{}").await;
        assert_eq!(reply.status, 401, "{headers:?}");
        let id = reply.header("X-Oneapi-Request-Id").unwrap();
        let expected = json!({"error": {
            "message": format!("{message} (request id: {id})"),
            "type": "new_api_error", "param": "", "code": "",
        }});
        assert_eq!(reply.json(), expected);

        let reply = post(&sandbox, DASHSCOPE, &headers, "{}").await;
        assert_eq!(reply.status, 401, "{headers:?}");
        assert_eq!(reply.header("X-Oneapi-Request-Id"), None);
        let id = &reply.json()["request_id"];
        let expected = json!({"code": "InvalidApiKey", "message": message, "request_id": id});
        assert_eq!(reply.json(), expected);
    }
}

#[tokio::test]
async fn unknown_routes_and_methods_are_refused_in_the_gateway_s_shape() {
    let sandbox = sandbox().await;
    for (method, path, shown) in [
        ("GET", GATEWAY, GATEWAY),
        ("PUT", DASHSCOPE, DASHSCOPE),
        ("POST", "/v1/images/edits?key=1", "/v1/images/edits"),
        ("POST", "/_journal", "/_journal"),
        ("GET", "/_images/1x1-00.png", "/_images/1x1-00.png"),
        ("GET", "/", "/"),
    ] {
        let reply = send(&sandbox, method, path, &[KEY], "").await;
        assert_eq!(reply.status, 404);
        let expected = json!({"error": {
            "message": format!("Invalid URL ({method} {shown})"),
            "type": "invalid_request_error", "param": "", "code": "",
        }});
        assert_eq!(reply.json(), expected);
    }
}

/// A request to Wan with further members.
fn wan(members: Value) -> String {
    http::wan(members).to_string()
}

#[tokio::test]
async fn bodies_of_the_gateway_are_refused_with_every_violation() {
    let sandbox = sandbox().await;
    let size = concat!(
        r#"anyOf (enum ["1K","2K","4K"] or x-area {"minimum":589824,"maximum":16777216}"#,
        r#" and x-aspect-ratio {"minimum":"1:8","maximum":"8:1"})"#
    );
    let cases = [
        (String::new(), 400, "", "the body is not JSON: EOF while parsing a value at line 1 column 0".into()),
        ("{".into(), 400, "", "the body is not JSON: EOF while parsing an object at line 1 column 1".into()),
        ("[]".into(), 404, "/model", format!("the body names no model; there are: {GATEWAY_MODELS}")),
        (
            r#"{"model": "gpt"}"#.into(),
            404,
            "/model",
            format!("there is no model \"gpt\"; there are: {GATEWAY_MODELS}"),
        ),
        (r#"{"model": 5}"#.into(), 404, "/model", format!("5 is not a model; there are: {GATEWAY_MODELS}")),
        (
            r#"{"model": "wan2.7-image-pro"}"#.into(),
            400,
            "",
            r#"the body breaks required "prompt": {"model":"wan2.7-image-pro"}"#.into(),
        ),
        (
            wan(json!({"n": 9, "prompt": "", "seed": 0.5})),
            400,
            "/n",
            r#"/n breaks maximum 4: 9; /prompt breaks minLength 1: ""; /seed breaks type "integer": 0.5"#.into(),
        ),
        (
            wan(json!({"user": "me"})),
            400,
            "",
            concat!(
                r#"the body breaks additionalProperties, which forbids ["user"]: "#,
                r#"{"model":"wan2.7-image-pro","prompt":"p","user":"me"}"#
            ).into(),
        ),
        (wan(json!({"size": "9x1"})), 400, "/size", format!(r#"/size breaks {size}: "9x1""#)),
        (
            wan(json!({"watermark": "ä".repeat(200)})),
            400,
            "/watermark",
            format!("/watermark breaks type \"boolean\": \"{}…", "ä".repeat(59)),
        ),
    ];
    for (body, status, param, message) in cases {
        let reply = post(&sandbox, GATEWAY, &[KEY], &body).await;
        assert_eq!((reply.status, reply.message()), (status, message), "{body}");
        let error = &reply.json()["error"];
        let code = if status == 404 {
            "model_not_found"
        } else {
            "invalid_request"
        };
        assert_eq!(error["code"], code);
        assert_eq!(error["param"], param);
        assert_eq!(error["type"], "new_api_error");
    }
}

#[tokio::test]
async fn bodies_of_dashscope_are_refused_with_every_violation() {
    let sandbox = sandbox().await;
    let text = json!([{"text": "p"}]);
    let cases = [
        (
            dashscope(text.clone(), json!({"n": 7, "size": "1024x1024"})),
            400,
            "/parameters/n breaks maximum 6: 7; \
             /parameters/size breaks pattern \"^[1-9][0-9]*\\\\*[1-9][0-9]*$\": \"1024x1024\"",
        ),
        (
            dashscope(json!([{"text": "p"}, {"text": "q"}]), json!({})),
            400,
            "/input/messages/0/content breaks maxContains 1: \
             [{\"text\":\"p\"},{\"text\":\"q\"}]",
        ),
        (
            dashscope(text, json!({"size": "4194304*1"})),
            400,
            "the sandbox draws sides of up to 16384 and 16777216 pixels in all, not \"4194304*1\"",
        ),
        (
            r#"{"model": "wan9-image"}"#.into(),
            404,
            "there is no model \"wan9-image\"; there are: qwen-image-2.0, \
             qwen-image-2.0-pro, qwen-image-2.0-2026-03-03, qwen-image-2.0-pro-2026-03-03, \
             qwen-image-2.0-pro-2026-04-22, qwen-image-2.0-pro-2026-06-22, \
             qwen-image-max, qwen-image-max-2025-12-30, qwen-image-plus, \
             qwen-image-plus-2026-01-09, qwen-image",
        ),
    ];
    for (body, status, message) in cases {
        let reply = post(&sandbox, DASHSCOPE, &[KEY], &body).await;
        assert_eq!(
            (reply.status, &*reply.message()),
            (status, message),
            "{body}"
        );
        let code = if status == 404 {
            "ModelNotFound"
        } else {
            "InvalidParameter"
        };
        assert_eq!(reply.json()["code"], code);
    }
}

#[tokio::test]
async fn an_open_schema_cannot_ask_for_endless_pictures() {
    let sandbox = sandbox().await;
    let edit = |member: &str, value: Value| {
        let mut body =
            json!({"model": "qwen-image-edit-2509", "prompt": "p", "image": "http://a/b"});
        body[member] = value;
        body.to_string()
    };
    let cases = [
        (
            edit("n", json!(1_000_000_000)),
            "the sandbox draws at most 100 pictures, not 1000000000",
        ),
        (
            edit("size", json!("huge")),
            "the sandbox draws 1K, 2K, 4K or <width>x<height>, not \"huge\"",
        ),
        (
            edit("size", json!("99999999999999999999x1")),
            "the sandbox draws sides of up to 16384 and 16777216 pixels in all, \
             not \"99999999999999999999x1\"",
        ),
    ];
    for (body, message) in cases {
        let reply = post(&sandbox, GATEWAY, &[KEY], &body).await;
        assert_eq!((reply.status, &*reply.message()), (400, message), "{body}");
    }
    assert!(sandbox.journal().iter().all(|entry| !entry.submitted));
}

#[tokio::test]
async fn a_body_is_64_mib_at_most() {
    let sandbox = sandbox().await;
    let reply = post(&sandbox, GATEWAY, &[KEY], vec![b' '; (64 << 20) + 1]).await;
    assert_eq!(reply.status, 413);
    assert_eq!(reply.message(), "the body is longer than 67108864 bytes");
    assert_eq!(reply.json()["error"]["code"], "invalid_request");
    let reply = post(&sandbox, DASHSCOPE, &[KEY], vec![b' '; (64 << 20) + 1]).await;
    assert_eq!(reply.status, 413);
    assert_eq!(reply.json()["code"], "InvalidParameter");
    let mut longest = vec![b' '; 64 << 20];
    longest[..2].copy_from_slice(b"{}");
    assert_eq!(post(&sandbox, GATEWAY, &[KEY], longest).await.status, 404);
    assert_eq!(
        get(&sandbox, "/_journal").await.json()[0]["body"],
        "(more than 67108864 bytes)"
    );
}

#[tokio::test]
async fn a_page_whose_name_leads_here_reads_nothing() {
    let sandbox = sandbox().await;
    for host in [
        "evil.example",
        "evil.example:80",
        "127.0.0.1.evil.example",
        "x",
    ] {
        for path in ["/_journal", "/_stats", GATEWAY] {
            let reply = send(&sandbox, "GET", path, &[("Host", host)], "").await;
            assert_eq!(reply.status, 421, "{host} {path}");
            assert!(
                reply.message().starts_with("the host of this request"),
                "{host}"
            );
        }
    }
    for host in ["localhost:1", "127.0.0.1", "[::1]"] {
        let reply = send(&sandbox, "GET", "/_stats", &[("Host", host)], "").await;
        assert_eq!(reply.status, 200, "{host}");
    }
}

#[tokio::test]
async fn a_body_that_is_not_announced_as_json_is_refused() {
    let sandbox = sandbox().await;
    let body = r#"{"model":"wan2.7-image-pro","prompt":"a cat"}"#;
    let cases = [
        ("application/json", 200),
        ("Application/JSON; charset=utf-8", 200),
        ("application/vnd.a+json", 200),
        ("text/plain", 415),
        ("application/x-www-form-urlencoded", 415),
        (" ", 415),
    ];
    for (kind, status) in cases {
        let headers = [KEY, ("Content-Type", kind)];
        let reply = post(&sandbox, GATEWAY, &headers, body).await;
        assert_eq!(reply.status, status, "{kind:?}: {}", reply.text());
    }
}
