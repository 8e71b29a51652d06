//! Tasks that an agent waits for: with what the ledger knows of them.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};

use super::agent::Agent;
use crate::support::command::{names, with_keys};
use crate::support::server::{pixel, raw_reply, reply, serve};

/// An API whose tasks end with what `output` says of the server's address; and how many were
/// submitted.
fn api(output: impl Fn(&str) -> Value + Send + 'static) -> (String, Arc<AtomicUsize>) {
    let count = Arc::<AtomicUsize>::default();
    let counted = count.clone();
    let url = serve(move |path, head, own| {
        if path.starts_with("/picture") {
            return Some(raw_reply("200 OK", &[], &pixel()));
        }
        let output = match head.starts_with("POST") {
            true => {
                counted.fetch_add(1, Ordering::SeqCst);
                json!({"task_id": "t", "task_status": "PENDING"})
            }
            false => output(own),
        };
        if output.is_null() {
            let refused = r#"{"code": "InvalidApiKey", "message": "no"}"#;
            return Some(reply(401, "application/json", refused));
        }
        let body = json!({"request_id": "r", "task_id": "t", "output": output});
        Some(reply(200, "application/json", &body.to_string()))
    });
    (url, count)
}

fn made(own: &str, count: usize) -> Value {
    let content = |number| json!({"type": "image", "image": format!("{own}/picture/{number}")});
    let content: Vec<_> = (0..count).map(content).collect();
    let choice =
        json!({"finish_reason": "stop", "message": {"role": "assistant", "content": content}});
    json!({"task_id": "t", "task_status": "SUCCEEDED", "choices": [choice]})
}

fn order() -> Value {
    json!({"call_id": "1", "request": {
        "model": "wan2.7-image",
        "input": {"messages": [{"role": "user", "content": [{"text": "a cat"}]}]},
        "parameters": {"enable_sequential": true, "n": 12},
    }})
}

async fn spent(agent: &Agent) -> Value {
    let price = agent
        .json("price", json!({"request": order()["request"]}))
        .await;
    price["spent"][0]["pictures"].clone()
}

async fn start(url: &str, out: &Path) -> Agent {
    Agent::at(url, "dashscope", out, &["--max-cost", "50"]).await
}

#[tokio::test]
async fn a_task_is_waited_for_as_what_was_submitted_and_counts_as_what_it_made() {
    for count in [12, 3] {
        let (url, submitted) = api(move |own| made(own, count));
        let out = tempfile::tempdir().unwrap();
        let agent = start(&url, out.path()).await;
        let task = agent.json("submit", order()).await;
        assert_eq!(task["task_id"], "t", "{task:#}");
        assert_eq!(spent(&agent).await, 12);
        let waited = agent.json("wait", json!({"task_id": "t"})).await;
        let pictures = waited["pictures"].as_array().unwrap();
        assert_eq!(pictures.len(), count, "{waited:#}");
        for picture in pictures {
            let path = picture["path"]
                .as_str()
                .unwrap_or_else(|| panic!("{picture}"));
            let sidecar = std::fs::read(format!("{path}.json")).unwrap();
            let sidecar: Value = serde_json::from_slice(&sidecar).unwrap();
            assert_eq!(sidecar["document"], "wan2.7-image-async");
            assert_eq!(sidecar["model"], "wan2.7-image");
            assert_eq!(sidecar["request"], order()["request"]);
        }
        assert_eq!(spent(&agent).await, count);
        // Its pictures are those of the order.
        let again = agent.json("submit", order()).await;
        assert_eq!(again["pictures"], waited["pictures"]);
        assert_eq!(submitted.load(Ordering::SeqCst), 1);
    }
}

#[tokio::test]
async fn a_task_that_failed_counts_as_nothing_and_may_be_submitted_again() {
    let failed = json!({"task_id": "t", "task_status": "FAILED", "code": "DataInspectionFailed",
        "message": "not this"});
    let (url, submitted) = api(move |_| failed.clone());
    let out = tempfile::tempdir().unwrap();
    let agent = start(&url, out.path()).await;
    agent.json("submit", order()).await;
    let waited = agent.json("wait", json!({"task_id": "t"})).await;
    assert_eq!(waited["error"]["may_have_been_billed"], false, "{waited:#}");
    assert_eq!(spent(&agent).await, Value::Null);
    agent.json("submit", order()).await;
    assert_eq!(submitted.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_wait_that_fails_or_is_left_leaves_the_order_as_it_was() {
    let running = json!({"task_id": "t", "task_status": "RUNNING"});
    for (output, code) in [(Value::Null, "account"), (running, "")] {
        let (url, submitted) = api(move |_| output.clone());
        let out = tempfile::tempdir().unwrap();
        let agent = start(&url, out.path()).await;
        let first = agent.json("submit", order()).await;
        let wait = json!({"task_id": "t", "seconds": 2});
        let (waited, again) = tokio::join!(agent.json("wait", wait), agent.json("submit", order()));
        match code {
            "" => assert_eq!(waited["still_running"], true, "{waited:#}"),
            code => assert_eq!(waited["error"]["stage"], code, "{waited:#}"),
        }
        assert_eq!(again["task_id"], first["task_id"], "{again:#}");
        let again = agent.json("submit", order()).await;
        assert_eq!(again["task_id"], first["task_id"], "{again:#}");
        assert_eq!(spent(&agent).await, 12);
        assert_eq!(submitted.load(Ordering::SeqCst), 1);
    }
}

/// A server that is killed loses no task, and another one knows where it is.
#[tokio::test]
async fn a_task_is_asked_about_where_it_was_submitted() {
    let (url, _) = api(|own| {
        json!({"status": "succeeded", "task_id": "t", "task_status": "SUCCEEDED",
        "data": [{"url": format!("{own}/picture")}],
        "results": [{"url": format!("{own}/picture")}]})
    });
    let (other, asked) = api(|_| json!({"task_id": "t", "task_status": "UNKNOWN"}));
    let out = tempfile::tempdir().unwrap();
    let flags = ["--max-images", "50", "--max-cost", "50"];
    let agent = Agent::at(&url, "gateway-tasks", out.path(), &flags).await;
    let request = json!({"model": "qwen-image-3.0", "prompt": "a cat"});
    let task = agent
        .json("submit", json!({"call_id": "1", "request": request}))
        .await;
    assert_eq!(task["task_id"], "t", "{task:#}");
    agent.kill().await;
    let mut command = with_keys();
    command
        .env("INKSTONE_BASE_URL", &url)
        .env("DASHSCOPE_BASE_URL", &other);
    command
        .args(["mcp", "--max-cost", "50", "--out"])
        .arg(out.path());
    let agent = Agent::start(command).await;
    let waited = agent.json("wait", json!({"task_id": "t"})).await;
    assert!(waited["pictures"][0]["path"].is_string(), "{waited:#}");
    assert_eq!(asked.load(Ordering::SeqCst), 0);
    let names = names(&out.path().join("pictures"));
    assert_eq!(names.len(), 2, "{names:?}");
}

/// Nothing is known of it: as many pictures are fetched as of any.
#[tokio::test]
async fn a_task_that_was_submitted_elsewhere_has_its_pictures_saved() {
    let (url, _) = api(|own| made(own, 12));
    let out = tempfile::tempdir().unwrap();
    let agent = start(&url, out.path()).await;
    for _ in 0..2 {
        let waited = agent.json("wait", json!({"task_id": "t"})).await;
        let pictures = waited["pictures"].as_array().unwrap();
        assert_eq!(pictures.len(), 12, "{waited:#}");
        let path = pictures[11]["path"].as_str().unwrap();
        let sidecar = std::fs::read(format!("{path}.json")).unwrap();
        let sidecar: Value = serde_json::from_slice(&sidecar).unwrap();
        assert_eq!(
            (&sidecar["document"], &sidecar["model"]),
            (&Value::Null, &Value::Null)
        );
    }
    assert_eq!(names(&out.path().join("pictures")).len(), 24);
}
