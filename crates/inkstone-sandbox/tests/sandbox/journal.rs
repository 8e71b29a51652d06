//! What the journal records, and what it never does.

use std::sync::{Arc, Mutex};

use inkstone_sandbox::JournalEntry;
use serde_json::{Value, json};

use crate::support::http::{DASHSCOPE, GATEWAY, KEY, get, post, send};
use crate::{builder, sandbox};

/// An entry of the journal, with the members that are not at their default.
fn entry(seq: u64, method: &str, path: &str, status: u16, others: Value) -> Value {
    let mut entry = json!({
        "seq": seq, "method": method, "path": path, "model": null, "status": status,
        "authorized": false, "body": null, "submitted": false, "client": null, "step": null,
    });
    for (name, value) in others.as_object().unwrap() {
        entry[name] = value.clone();
    }
    entry
}

#[tokio::test]
async fn requests_are_recorded_in_order() {
    let sandbox = sandbox().await;
    assert_eq!(get(&sandbox, "/_journal").await.json(), json!([]));
    let body = json!({"model": "wan2.7-image-pro", "prompt": "p", "size": "1K"});
    let reply = post(&sandbox, GATEWAY, &[KEY], body.to_string())
        .await
        .json();
    let url = reply["data"][0]["url"].as_str().unwrap();
    let path = url.strip_prefix(sandbox.url()).unwrap();
    send(&sandbox, "HEAD", path, &[], "").await;
    send(&sandbox, "HEAD", path, &[KEY], "").await;
    post(&sandbox, DASHSCOPE, &[], "{").await;
    get(&sandbox, "/else?token=1").await;

    let submission = json!({
        "model": "wan2.7-image-pro", "authorized": true, "body": body, "submitted": true,
    });
    let expected = json!([
        entry(0, "POST", GATEWAY, 200, submission),
        entry(1, "HEAD", path, 200, json!({})),
        entry(2, "HEAD", path, 200, json!({"authorized": true})),
        entry(3, "POST", DASHSCOPE, 401, json!({"body": "{"})),
        entry(4, "GET", "/else", 404, json!({})),
    ]);
    let mut listed = get(&sandbox, "/_journal").await.json();
    let mut before = 0;
    for entry in listed.as_array_mut().unwrap() {
        let time = entry.as_object_mut().unwrap().remove("time").unwrap();
        assert!(time.as_u64().unwrap() >= before, "{time}");
        before = time.as_u64().unwrap();
    }
    assert_eq!(listed, expected);
    let new = get(&sandbox, "/_journal?from=3").await.json();
    let numbers: Vec<_> = new
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["seq"].clone())
        .collect();
    assert_eq!(numbers, [3, 4]);
    let refused = get(&sandbox, "/_journal?from=x").await;
    assert_eq!(
        refused.message(),
        "from: write the number of an entry, as in from=5"
    );
    let entries = sandbox.journal();
    assert_eq!(entries.len(), 5);
    assert_eq!((entries[4].seq, &*entries[4].path), (4, "/else"));
}

#[tokio::test]
async fn the_key_is_never_stored() {
    let sandbox = sandbox().await;
    let body = r#"{"model": "wan2.7-image-pro", "prompt": "p"}"#;
    post(&sandbox, GATEWAY, &[KEY], body).await;
    post(&sandbox, GATEWAY, &[KEY], "{").await;
    post(&sandbox, "/else?key=sk-secret.key", &[KEY], "").await;
    let text = get(&sandbox, "/_journal").await;
    assert!(!text.text().contains("sk-secret.key"));
    assert!(!format!("{:?}", sandbox.journal()).contains("sk-secret.key"));
}

#[tokio::test]
async fn long_bodies_are_shortened() {
    let sandbox = sandbox().await;
    let image = format!("data:image/png;base64,{}", "A".repeat(100_000));
    let body = json!({"model": "qwen-image-edit-2509", "prompt": "p", "image": image});
    post(&sandbox, GATEWAY, &[KEY], body.to_string()).await;
    post(&sandbox, GATEWAY, &[KEY], vec![b'['; 10_000]).await;
    post(
        &sandbox,
        GATEWAY,
        &[KEY],
        json!(vec![0; 10_000]).to_string(),
    )
    .await;
    let entries = sandbox.journal();
    assert_eq!(entries[0].status, 200);
    assert_eq!(entries[0].body["prompt"], "p");
    let image = format!("{}… (100022 characters)", &image[..256]);
    assert_eq!(entries[0].body["image"], image);
    assert_eq!(entries[1].body, format!("{}…", "[".repeat(2048)));
    let numbers = entries[2].body.as_str().unwrap();
    assert_eq!((numbers.len(), numbers.starts_with("[0,0,0")), (2051, true));
}

#[tokio::test]
async fn each_request_is_logged_as_it_is_recorded() {
    let lines = Arc::new(Mutex::new(Vec::new()));
    let log = lines.clone();
    let started = builder().access_log(move |entry: &JournalEntry| {
        let line = format!("{} {} {}", entry.status, entry.method, entry.path);
        log.lock().unwrap().push(line);
    });
    let sandbox = started.start().await.unwrap();
    get(&sandbox, "/else").await;
    get(&sandbox, "/_journal").await;
    assert_eq!(*lines.lock().unwrap(), ["404 GET /else"]);
}

#[tokio::test]
async fn the_gateways_models_are_listed_as_its_clients_ask_for_them() {
    let sandbox = sandbox().await;
    assert_eq!(get(&sandbox, "/v1/models").await.status, 401);
    let listed = send(&sandbox, "GET", "/v1/models", &[KEY], "").await.json();
    assert_eq!(listed["object"], "list");
    let names = listed["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|model| &model["id"]);
    let names: Vec<_> = names.filter_map(|name| name.as_str()).collect();
    assert!(names.contains(&"wan2.7-image-pro"), "{names:?}");
    assert!(
        listed["data"]
            .as_array()
            .unwrap()
            .iter()
            .all(|model| model["object"] == "model")
    );
}
