//! The client on the wire: against the sandbox, and against servers that answer
//! as no document says.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic)]

mod deadline;
mod forms;
mod limiter;
mod log;
mod retries;
mod secrecy;
mod server;
mod spool;
mod tasks;
mod uploads;

use std::fs;
use std::time::Duration;

use inkstone::{Client, DOCUMENTS, Retries, Stage, dashscope, gateway};
use inkstone_sandbox::Sandbox;
use server::{Act, Server, http};

const KEY: &str = "sk-never-to-be-shown";

async fn sandbox() -> Sandbox {
    let mut builder = Sandbox::builder();
    for document in DOCUMENTS {
        let json = serde_json::from_str(document.json).expect("JSON");
        builder = builder.document(document.api, document.name, json);
    }
    builder.start().await.expect("the sandbox starts")
}

/// A client that tries nothing again.
fn client(url: &str) -> Client {
    let builder = Client::builder(url).key(KEY).retries(Retries::none());
    builder.build().expect("a client")
}

/// Retries that take no time.
fn hasty() -> Retries {
    Retries::default().backoff(Duration::from_millis(1), Duration::from_millis(5))
}

/// A reply that reports success.
const CAT: &str = r#"{"created":1,"data":[{"url":"http://a/1.png"}]}"#;

fn cat() -> gateway::wan2_7_image_pro::Request {
    gateway::wan2_7_image_pro::Request {
        size: Some("1024x768".parse().expect("a size")),
        n: Some(2.try_into().expect("a count")),
        seed: Some(42.try_into().expect("a seed")),
        ..gateway::wan2_7_image_pro::Request::new("一只猫".parse().expect("a prompt"))
    }
}

/// Width and height, as a PNG file states them.
fn png_size(bytes: &[u8]) -> (u32, u32) {
    assert_eq!(&bytes[..8], b"\x89PNG\r\n\x1a\n");
    let number = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().expect("4 bytes"));
    (number(16), number(20))
}

#[tokio::test]
async fn the_gateway_draws_what_was_asked_for() {
    let sandbox = sandbox().await;
    let client = client(sandbox.url());
    let reply = client.send(&cat()).await.expect("a reply");
    assert_eq!(reply.status(), 200);
    assert!(reply.request_id().is_some());
    assert!(reply.deviations().is_empty(), "{:?}", reply.deviations());
    let typed = reply.typed().expect("as documented");
    assert_eq!(typed.data.as_slice().len(), 2);

    let directory = tempfile::tempdir().expect("a directory");
    let images = reply.images();
    assert_eq!(images.len(), 2);
    for image in &images {
        let path = client
            .save(image, directory.path(), "cat")
            .await
            .expect("saved");
        assert_eq!(png_size(&fs::read(path).expect("a file")), (1024, 768));
    }
    let names = test_data::files::names(directory.path());
    assert_eq!(names, ["cat-2.png", "cat.png"]);

    let journal = sandbox.journal();
    let asked: Vec<_> = journal
        .iter()
        .map(|entry| (entry.method.as_str(), entry.authorized, entry.submitted))
        .collect();
    // The key went to the API, and not along for the pictures.
    assert_eq!(
        asked,
        [
            ("POST", true, true),
            ("GET", false, false),
            ("GET", false, false)
        ]
    );
}

#[tokio::test]
async fn dashscope_draws_what_was_asked_for() {
    use dashscope::qwen_image_plus::{
        Content, Input, Message, Model, Parameters, Request, Size, Text,
    };

    let sandbox = sandbox().await;
    let client = client(sandbox.url());
    let content = Content::from(Text::new("一只猫".to_owned()));
    let request = Request {
        parameters: Some(Parameters {
            size: Some(Size::_928_1664),
            negative_prompt: Some("x".repeat(501).into()),
            ..Parameters::new()
        }),
        ..Request::new(Model::QwenImage, Input::new(Message::new(content).into()))
    };
    let reply = client.send(&request).await.expect("a reply");
    assert!(reply.deviations().is_empty(), "{:?}", reply.deviations());
    let warnings: Vec<_> = reply.warnings().iter().map(ToString::to_string).collect();
    assert_eq!(
        warnings,
        ["/parameters/negative_prompt: 501 characters, of which the API keeps the first 500"]
    );
    let directory = tempfile::tempdir().expect("a directory");
    let images = reply.images();
    assert_eq!(images.len(), 1);
    let path = client
        .save(&images[0], directory.path(), "cat")
        .await
        .expect("saved");
    assert_eq!(png_size(&fs::read(path).expect("a file")), (928, 1664));
}

#[tokio::test]
async fn a_request_chosen_at_run_time_is_checked_before_it_is_sent() {
    let sandbox = sandbox().await;
    let client = client(sandbox.url());
    let operation = gateway::qwen_image_max::OPERATION;
    let body = serde_json::json!({"model": "qwen-image-max", "n": 2, "size": "1K"});
    let error = client
        .send_json(&operation, &body)
        .await
        .expect_err("an invalid request");
    assert_eq!(error.stage(), Stage::Invalid);
    let found: Vec<_> = error
        .violations()
        .iter()
        .map(|it| (it.pointer.as_str(), it.keyword))
        .collect();
    let required = ("", "required");
    assert_eq!(
        found,
        [
            required,
            ("/size", "pattern"),
            ("/n", "const"),
            required,
            required
        ]
    );
    assert!(sandbox.journal().is_empty());
}

/// The address of a server that answers every request with these bytes.
async fn server(answer: Vec<u8>) -> String {
    Server::start(vec![Act::Send(answer)]).await.url
}

struct Case {
    answer: Vec<u8>,
    stage: Stage,
    status: Option<u16>,
    code: Option<&'static str>,
    message: &'static str,
    billed: bool,
}

/// A case in which a reply comes that reports a failure, or success without pictures.
fn answered(
    answer: Vec<u8>,
    stage: Stage,
    status: u16,
    code: Option<&'static str>,
    message: &'static str,
) -> Case {
    Case {
        answer,
        stage,
        status: Some(status),
        code,
        message,
        billed: stage == Stage::OutcomeUnknown || stage == Stage::Unreadable,
    }
}

/// What an API or a proxy before it says of a request that it refused.
fn explained() -> Vec<Case> {
    vec![
        answered(
            http(
                "200 OK",
                "",
                r#"{"error":{"message":"no","type":"new_api_error","code":"prompt_blocked"}}"#,
            ),
            Stage::Refused,
            200,
            Some("prompt_blocked"),
            "the API refused the request, under a status that reports success: no (HTTP 200, code prompt_blocked)",
        ),
        answered(
            http("524 ", "", "<html>\n <b>524</b></html>"),
            Stage::OutcomeUnknown,
            524,
            None,
            "a proxy before the API gave up waiting; the request may have been carried out and billed: <html> <b>524</b></html> (HTTP 524)",
        ),
        answered(
            http(
                "500 Oops",
                "x-oneapi-request-id: 7\r\n",
                r#"{"error":{"message":"bad","type":"x","code":"invalid_request"}}"#,
            ),
            Stage::Refused,
            500,
            Some("invalid_request"),
            "the API refused the request: bad (HTTP 500, code invalid_request, request id 7)",
        ),
        answered(
            http("400 No", "", r#"{"error":{"message":"bad","code":1301}}"#),
            Stage::Refused,
            400,
            Some("1301"),
            "the API refused the request: bad (HTTP 400, code 1301)",
        ),
        answered(
            http(
                "503 No",
                "",
                r#"{"error":{"message":"bad","type":"upstream_error","code":null}}"#,
            ),
            Stage::OutcomeUnknown,
            503,
            Some("upstream_error"),
            "the API failed; the request may have been carried out and billed: bad (HTTP 503, code upstream_error)",
        ),
    ]
}

/// What an API says of a key, and what says little, breaks off, or is not there.
fn unexplained() -> Vec<Case> {
    vec![
        answered(
            http(
                "401 No",
                "",
                r#"{"code":"InvalidApiKey","message":"no key","request_id":"r"}"#,
            ),
            Stage::Account,
            401,
            Some("InvalidApiKey"),
            "the API refused the key or the account: no key (HTTP 401, code InvalidApiKey, request id r)",
        ),
        answered(
            http(
                "403 No",
                "",
                &format!(r#"{{"error":"{KEY} is not allowed"}}"#),
            ),
            Stage::Account,
            403,
            None,
            "the API refused the key or the account: … is not allowed (HTTP 403)",
        ),
        answered(
            http("429 Wait", "retry-after: 7\r\n", ""),
            Stage::Throttled,
            429,
            None,
            "the API has too much to do and did not take the request: an empty body (HTTP 429)",
        ),
        answered(
            http("307 Moved", "location: http://127.0.0.1:1/\r\n", ""),
            Stage::Refused,
            307,
            None,
            "the API redirects to http://127.0.0.1:1/, where nothing was sent: an empty body (HTTP 307)",
        ),
        answered(
            http("200 OK", "", "<html>"),
            Stage::Unreadable,
            200,
            None,
            "the reply reports success but is not JSON (expected value at line 1 column 1): <html> (HTTP 200)",
        ),
        answered(
            b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"created\":".to_vec(),
            Stage::OutcomeUnknown,
            200,
            None,
            "the reply broke off after 11 bytes; the request may have been carried out and billed: end of file before message length reached (HTTP 200)",
        ),
        Case {
            answer: Vec::new(),
            stage: Stage::OutcomeUnknown,
            status: None,
            code: None,
            message: "the connection broke before a reply came; the request may have been carried out and billed: connection closed before message completed",
            billed: true,
        },
    ]
}

#[tokio::test]
async fn every_failure_is_its_own_clear_error() {
    for case in explained().into_iter().chain(unexplained()) {
        let url = server(case.answer).await;
        let error = client(&url).send(&cat()).await.expect_err(case.message);
        assert_eq!(error.to_string(), case.message);
        assert_eq!(error.stage(), case.stage, "{error}");
        assert_eq!(error.status(), case.status, "{error}");
        assert_eq!(error.code(), case.code, "{error}");
        assert_eq!(error.may_have_been_billed(), case.billed, "{error}");
        assert!(!format!("{error:?}").contains(KEY), "{error}");
    }
}

#[tokio::test]
async fn a_reply_is_kept_whatever_is_in_it() {
    let body = r#"{"data":[{"url":"http://a/1.png","surprise":1}],"created":"yesterday"}"#;
    let url = server(http("200 OK", "", body)).await;
    let reply = client(&url).send(&cat()).await.expect("a reply");
    assert_eq!(&reply.body()[..], body.as_bytes());
    assert_eq!(reply.images().len(), 1);
    assert!(reply.typed().is_err());
    let deviations: Vec<_> = reply.deviations().iter().map(ToString::to_string).collect();
    assert_eq!(
        deviations,
        [
            "/created: type: expected an integer, found \"yesterday\"",
            "/data/0/surprise: additionalProperties: expected no field but url, b64_json, revised_prompt, found 1",
        ]
    );
}

#[test]
fn a_client_that_can_not_work_is_not_built() {
    let error = Client::builder("gateway.example").key(KEY).build();
    let error = error.expect_err("no scheme");
    assert_eq!(
        error.to_string(),
        "the base URL \"gateway.example\" has no scheme: write https://gateway.example"
    );
    assert_eq!(error.stage(), Stage::Configuration);
    let builder = Client::builder("https://a").key_variable("INKSTONE_NO_SUCH_KEY");
    let error = builder.build().expect_err("no key");
    assert_eq!(
        error.to_string(),
        "no key: set the environment variable INKSTONE_NO_SUCH_KEY, or give the key"
    );
    let debug = format!("{:?}", Client::builder("https://a").key(KEY));
    assert!(!debug.contains(KEY), "{debug}");
}
