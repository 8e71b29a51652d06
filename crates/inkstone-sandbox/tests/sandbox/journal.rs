//! What the journal records, and what it never does.

use serde_json::json;

use crate::http::{DASHSCOPE, GATEWAY, KEY, get, post, send};
use crate::sandbox;

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

    let entry = |seq, method, path, model, status, authorized, body, submitted| {
        json!({
            "seq": seq, "method": method, "path": path, "model": model, "status": status,
            "authorized": authorized, "body": body, "submitted": submitted,
            "client": null, "step": null,
        })
    };
    let none = json!(null);
    let expected = json!([
        entry(
            0,
            "POST",
            GATEWAY,
            json!("wan2.7-image-pro"),
            200,
            true,
            body,
            true
        ),
        entry(
            1,
            "HEAD",
            path,
            none.clone(),
            200,
            false,
            none.clone(),
            false
        ),
        entry(
            2,
            "HEAD",
            path,
            none.clone(),
            200,
            true,
            none.clone(),
            false
        ),
        entry(
            3,
            "POST",
            DASHSCOPE,
            none.clone(),
            401,
            false,
            json!("{"),
            false
        ),
        entry(4, "GET", "/else", none.clone(), 404, false, none, false),
    ]);
    assert_eq!(get(&sandbox, "/_journal").await.json(), expected);
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
