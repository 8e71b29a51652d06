//! DashScope's tasks, with documents of the routes as small as can be.

use std::time::Duration;

use inkstone_sandbox::{Builder, Sandbox};
use serde_json::{Value, json};
use tokio::time::sleep;

use crate::support::http::{KEY, Reply, get, post, send};

const MESSAGES: &str = "/api/v1/services/aigc/image-generation/generation";
const LEGACY: &str = "/api/v1/services/aigc/text2image/image-synthesis";
const SYNC: &str = "/api/v1/services/aigc/multimodal-generation/generation";
const ASYNC: (&str, &str) = ("X-DashScope-Async", "enable");

fn order(path: &str, model: &str, is_async: bool) -> Value {
    let header = json!({
        "name": "X-DashScope-Async", "required": true, "type": "string",
        "schema": {"const": "enable"},
    });
    json!({
        "method": "POST",
        "path": path,
        "parameters": {"header": if is_async { json!([header]) } else { json!([]) }},
        "requestBody": {"jsonSchema": {
            "required": ["model", "input"],
            "properties": {"model": {"const": model}},
        }},
        "responses": [{"code": 200, "jsonSchema": {"required": ["request_id", "output"]}}],
    })
}

fn route(method: &str, path: &str, query: Value) -> Value {
    let id =
        json!({"name": "task_id", "required": true, "type": "string", "schema": {"maxLength": 64}});
    let path_parameters = if path.contains('{') {
        json!([id])
    } else {
        json!([])
    };
    json!({
        "method": method,
        "path": path,
        "parameters": {"path": path_parameters, "query": query},
        "responses": [{"code": 200, "jsonSchema": {"type": "object", "required": ["request_id"]}}],
    })
}

fn builder() -> Builder {
    let query = json!([
        {"name": "page_no", "type": "integer", "schema": {"type": "integer", "minimum": 1}},
        {"name": "page_size", "type": "integer"},
        {"name": "status", "type": "string"},
        {"name": "model_name", "type": "string"},
    ]);
    Sandbox::builder()
        .document("dashscope", "sync", order(SYNC, "wan", false))
        .document("dashscope", "wan-async", order(MESSAGES, "wan", true))
        .document("dashscope", "qwen-async", order(LEGACY, "qwen", true))
        .document(
            "dashscope",
            "query",
            route("GET", "/api/v1/tasks/{task_id}", json!([])),
        )
        .document("dashscope", "list", route("GET", "/api/v1/tasks", query))
        .document(
            "dashscope",
            "cancel",
            route("POST", "/api/v1/tasks/{task_id}/cancel", json!([])),
        )
}

async fn scripted(steps: Value) -> Sandbox {
    builder().script(steps).start().await.unwrap()
}

fn wan() -> String {
    let messages = json!([{"role": "user", "content": [{"text": "p"}]}]);
    let parameters = json!({"n": 3, "size": "1K"});
    json!({"model": "wan", "input": {"messages": messages}, "parameters": parameters}).to_string()
}

fn qwen() -> String {
    json!({"model": "qwen", "input": {"prompt": "p"}, "parameters": {"n": 3}}).to_string()
}

/// Submits, and returns the task's id.
async fn submit(sandbox: &Sandbox, path: &str, body: String) -> String {
    let reply = post(sandbox, path, &[KEY, ASYNC], body).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    let reply = reply.json();
    assert_eq!(reply["output"]["task_status"], "PENDING");
    assert!(reply["request_id"].is_string());
    reply["output"]["task_id"].as_str().unwrap().to_owned()
}

async fn ask(sandbox: &Sandbox, id: &str) -> Reply {
    let path = format!("/api/v1/tasks/{id}");
    send(sandbox, "GET", &path, &[KEY], "").await
}

async fn state(sandbox: &Sandbox, id: &str) -> String {
    let reply = ask(sandbox, id).await;
    assert_eq!(reply.status, 200);
    reply.json()["output"]["task_status"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[tokio::test]
async fn a_task_runs_and_succeeds_by_default() {
    let sandbox = scripted(json!([])).await;
    let id = submit(&sandbox, MESSAGES, wan()).await;
    let pending = ask(&sandbox, &id).await.json();
    let members = pending["output"].as_object().unwrap();
    let mut names: Vec<_> = members.keys().collect();
    names.sort();
    assert_eq!(names, ["submit_time", "task_id", "task_status"]);
    assert_eq!(state(&sandbox, &id).await, "RUNNING");
    for _ in 0..2 {
        let done = ask(&sandbox, &id).await.json();
        let output = &done["output"];
        assert_eq!(output["task_status"], "SUCCEEDED");
        assert_eq!(output["choices"].as_array().unwrap().len(), 3);
        for time in ["submit_time", "scheduled_time", "end_time"] {
            let time = output[time].as_str().unwrap();
            assert_eq!(
                (time.len(), &time[10..11], &time[19..20]),
                (23, " ", "."),
                "{time}"
            );
        }
        let usage = &done["usage"];
        assert_eq!(
            (&usage["image_count"], &usage["size"]),
            (&json!(3), &json!("1024*1024"))
        );
        let url = output["choices"][0]["message"]["content"][0]["image"]
            .as_str()
            .unwrap();
        let path = url.strip_prefix(sandbox.url()).unwrap();
        assert_eq!(get(&sandbox, path).await.status, 200);
    }
    assert_eq!(sandbox.stats().submitted, 1);
}

#[tokio::test]
async fn the_older_form_has_results_and_metrics() {
    let script =
        json!({"task": [{"status": "SUCCEEDED", "failed": 1, "code": "C", "message": "m"}]});
    let sandbox = scripted(script).await;
    let id = submit(&sandbox, LEGACY, qwen()).await;
    let done = ask(&sandbox, &id).await.json();
    let results = done["output"]["results"].as_array().unwrap();
    assert!(results[1]["url"].is_string());
    assert_eq!(
        (&results[1]["orig_prompt"], &results[2]),
        (&json!("p"), &json!({"code": "C", "message": "m"}))
    );
    assert_eq!(done["usage"], json!({"image_count": 2}));
    let metrics = json!({"TOTAL": 3, "SUCCEEDED": 2, "FAILED": 1});
    assert_eq!(done["output"]["task_metrics"], metrics);
}

#[tokio::test]
async fn a_script_decides_the_states_of_a_task() {
    let cases = [
        (
            json!(["PENDING", "RUNNING", "FAILED"]),
            "PENDING RUNNING FAILED FAILED",
        ),
        (
            json!(["SUSPENDED", "CANCELED"]),
            "SUSPENDED CANCELED CANCELED CANCELED",
        ),
        (json!(["UNKNOWN"]), "UNKNOWN UNKNOWN UNKNOWN UNKNOWN"),
        (
            json!([{"status": "RUNNING", "polls": 2}, "SUCCEEDED"]),
            "RUNNING RUNNING SUCCEEDED SUCCEEDED",
        ),
        (
            json!([{"status": "RUNNING", "for": 600_000}, "SUCCEEDED"]),
            "RUNNING RUNNING RUNNING RUNNING",
        ),
    ];
    for (plan, expected) in cases {
        let sandbox = scripted(json!({"task": plan})).await;
        let id = submit(&sandbox, LEGACY, qwen()).await;
        let mut states = Vec::new();
        for _ in 0..4 {
            states.push(state(&sandbox, &id).await);
        }
        assert_eq!(states.join(" "), expected);
    }
    let plan =
        json!([{"status": "PENDING", "for": 100}, {"status": "RUNNING", "for": 100}, "FAILED"]);
    let sandbox = scripted(json!({"task": plan})).await;
    let id = submit(&sandbox, LEGACY, qwen()).await;
    sleep(Duration::from_millis(210)).await;
    let failed = ask(&sandbox, &id).await.json();
    assert_eq!(failed["output"]["code"], "DataInspectionFailed");
    assert_eq!(failed["output"]["task_status"], "FAILED");
}

#[tokio::test]
async fn an_unknown_task_has_almost_no_members() {
    let sandbox = scripted(json!([])).await;
    let reply = ask(&sandbox, "a%20b").await;
    let expected = json!({"task_id": "a b", "task_status": "UNKNOWN"});
    assert_eq!((reply.status, &reply.json()["output"]), (200, &expected));
    let long = ask(&sandbox, &"x".repeat(65)).await;
    assert_eq!(long.status, 400);
    assert!(
        long.message()
            .starts_with("task_id breaks maxLength 64: \"xxx")
    );
    let no_key = get(&sandbox, "/api/v1/tasks/x").await;
    assert_eq!(no_key.status, 401);
}

#[tokio::test]
async fn only_pending_tasks_can_be_cancelled() {
    let sandbox = scripted(json!([])).await;
    let id = submit(&sandbox, MESSAGES, wan()).await;
    let path = format!("/api/v1/tasks/{id}/cancel");
    let reply = post(&sandbox, &path, &[KEY], "").await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    assert_eq!(state(&sandbox, &id).await, "CANCELED");
    for path in [path.as_str(), "/api/v1/tasks/none/cancel"] {
        let reply = post(&sandbox, path, &[KEY], "").await;
        assert_eq!(
            (reply.status, &reply.json()["code"]),
            (400, &json!("UnsupportedOperation"))
        );
    }
}

#[tokio::test]
async fn tasks_are_listed_latest_first() {
    let sandbox = scripted(json!({"task": ["RUNNING"], "model": "qwen"})).await;
    let first = submit(&sandbox, MESSAGES, wan()).await;
    let second = submit(&sandbox, LEGACY, qwen()).await;
    let list = async |query: &str| {
        let path = format!("/api/v1/tasks{query}");
        let reply = send(&sandbox, "GET", &path, &[KEY], "").await.json();
        let ids = reply["data"].as_array().map(|tasks| {
            let id = |task: &Value| task["task_id"].as_str().unwrap().to_owned();
            tasks.iter().map(id).collect::<Vec<_>>()
        });
        (reply["total"].as_u64(), ids.unwrap_or_default())
    };
    let cases = [
        ("", 2, vec![&second, &first]),
        ("?page_size=1", 2, vec![&second]),
        ("?page_size=1&page_no=2", 2, vec![&first]),
        ("?page_no=3", 2, vec![]),
        ("?status=PENDING", 1, vec![&first]),
        ("?model_name=qwen", 1, vec![&second]),
        ("?start_time=20260101000000", 2, vec![&second, &first]),
        (
            "?start_time=2026-01-01%2000:00:00&end_time=20260102",
            0,
            vec![],
        ),
        ("?end_time=2999-01-01+00:00:00", 2, vec![&second, &first]),
    ];
    for (query, total, ids) in cases {
        let ids: Vec<_> = ids.into_iter().cloned().collect();
        assert_eq!(list(query).await, (Some(total), ids), "{query}");
    }
    let reply = send(&sandbox, "GET", "/api/v1/tasks?page_no=0", &[KEY], "").await;
    assert_eq!(
        (reply.status, &*reply.message()),
        (400, "page_no breaks minimum 1: 0")
    );
    // Listing does not advance tasks.
    assert_eq!(state(&sandbox, &first).await, "PENDING");
}

#[tokio::test]
async fn each_route_is_for_one_kind_of_call() {
    let sandbox = scripted(json!([])).await;
    let cases = [
        (
            SYNC,
            wan(),
            &[KEY, ASYNC][..],
            "current user api does not support asynchronous calls.",
        ),
        (
            MESSAGES,
            wan(),
            &[KEY][..],
            "current user api does not support synchronous calls.",
        ),
        (
            LEGACY,
            qwen(),
            &[KEY][..],
            "current user api does not support synchronous calls.",
        ),
    ];
    for (path, body, headers, message) in cases {
        let reply = post(&sandbox, path, headers, body).await;
        assert_eq!((reply.status, &*reply.message()), (403, message));
        assert_eq!(reply.json()["code"], "AccessDenied");
    }
    assert_eq!(post(&sandbox, SYNC, &[KEY], wan()).await.status, 200);
    assert_eq!(sandbox.stats().submitted, 1);
}

#[tokio::test]
async fn a_script_can_break_queries_without_advancing_the_task() {
    let sandbox = scripted(json!([
        {"on": "task", "error": "Throttling"},
        {"on": "GET /api/v1/tasks/{task_id}", "status": 500},
        {"on": "task", "set": {"/output/more": 1}},
    ]))
    .await;
    let id = submit(&sandbox, MESSAGES, wan()).await;
    assert_eq!(ask(&sandbox, &id).await.status, 429);
    assert_eq!(ask(&sandbox, &id).await.status, 500);
    let reply = ask(&sandbox, &id).await.json();
    assert_eq!(
        (&reply["output"]["task_status"], &reply["output"]["more"]),
        (&json!("PENDING"), &json!(1))
    );
}

#[tokio::test]
async fn a_refused_submission_leaves_no_task() {
    let sandbox = scripted(json!([
        {"error": "Throttling"}, {"cut": "request"}, {"error": "InternalError", "submitted": true},
    ]))
    .await;
    for _ in 0..3 {
        crate::support::http::exchange(&sandbox, "POST", LEGACY, &[KEY, ASYNC], qwen()).await;
    }
    let list = send(&sandbox, "GET", "/api/v1/tasks", &[KEY], "")
        .await
        .json();
    assert_eq!((&list["total"], sandbox.stats().submitted), (&json!(2), 2));
}
