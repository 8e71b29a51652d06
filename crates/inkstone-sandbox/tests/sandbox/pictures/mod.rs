//! The pictures: how many, how large and always the same.

mod downloads;

use std::collections::BTreeSet;
use std::io::Cursor;

use inkstone_sandbox::Sandbox;
use serde_json::{Value, json};

use crate::sandbox;
use crate::support::http::{DASHSCOPE, GATEWAY, KEY, get, post, wan};

/// The width and height of a PNG file, all of which is read.
pub fn dimensions(file: &[u8]) -> (u32, u32) {
    let mut reader = png::Decoder::new(Cursor::new(file)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut pixels).unwrap();
    reader.finish().unwrap();
    reader.info().size()
}

/// The paths of the pictures that a request gets.
async fn ask(sandbox: &Sandbox, path: &str, body: &Value) -> Vec<String> {
    let reply = post(sandbox, path, &[KEY], body.to_string()).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    let reply = reply.json();
    let urls: Vec<_> = match reply["data"].as_array() {
        Some(items) => items.iter().map(|item| item["url"].clone()).collect(),
        None => {
            let choices = reply["output"]["choices"].as_array().unwrap();
            let image = |choice: &Value| choice["message"]["content"][0]["image"].clone();
            choices.iter().map(image).collect()
        }
    };
    let path = |url: &Value| {
        url.as_str()
            .unwrap()
            .strip_prefix(sandbox.url())
            .unwrap()
            .to_owned()
    };
    urls.iter().map(path).collect()
}

fn dashscope(model: &str, parameters: Value) -> Value {
    let messages = json!([{"role": "user", "content": [{"text": "p"}]}]);
    json!({"model": model, "input": {"messages": messages}, "parameters": parameters})
}

#[tokio::test]
async fn a_picture_has_exactly_the_size_that_was_asked_for() {
    let sandbox = sandbox().await;
    let cases = [
        (GATEWAY, wan(json!({"size": "1K"})), "1024x1024-"),
        (GATEWAY, wan(json!({"size": "2K"})), "2048x2048-"),
        (GATEWAY, wan(json!({"size": "4K"})), "4096x4096-"),
        (GATEWAY, wan(json!({})), "2048x2048-"),
        (GATEWAY, wan(json!({"size": "1920*1080"})), "1920x1080-"),
        (
            GATEWAY,
            json!({"model": "qwen-image-edit-2509", "prompt": "p", "image": "http://a/b"}),
            "1024x1024-",
        ),
        (
            DASHSCOPE,
            dashscope("qwen-image-max", json!({})),
            "1664x928-",
        ),
        (
            DASHSCOPE,
            dashscope("qwen-image", json!({"size": "928*1664"})),
            "928x1664-",
        ),
    ];
    for (path, body, size) in cases {
        let pictures = ask(&sandbox, path, &body).await;
        let start = format!("/_images/{size}");
        assert!(pictures[0].starts_with(&start), "{body}: {pictures:?}");
    }
    let body = wan(json!({"size": "1001*777"}));
    let path = ask(&sandbox, GATEWAY, &body).await.remove(0);
    let reply = get(&sandbox, &path).await;
    assert_eq!(
        (reply.status, reply.header("Content-Type")),
        (200, Some("image/png"))
    );
    assert_eq!(dimensions(&reply.body), (1001, 777));
}

#[tokio::test]
async fn the_smallest_and_the_narrowest_pictures_are_drawn() {
    let sandbox = sandbox().await;
    for name in [
        "1x1-0000000000000000",
        "1x16384-0123456789abcdef",
        "16384x1-ffffffffffffffff",
    ] {
        let reply = get(&sandbox, &format!("/_images/{name}.png")).await;
        let (width, height) = dimensions(&reply.body);
        assert!(name.starts_with(&format!("{width}x{height}-")), "{name}");
    }
}

#[tokio::test]
async fn there_are_as_many_pictures_as_asked_for_and_all_differ() {
    let sandbox = sandbox().await;
    let cases = [
        (GATEWAY, wan(json!({"n": 4})), 4),
        (GATEWAY, wan(json!({"n": 2.0})), 2),
        (GATEWAY, wan(json!({})), 1),
        (DASHSCOPE, dashscope("qwen-image-2.0", json!({"n": 6})), 6),
    ];
    for (path, body, count) in cases {
        let pictures: BTreeSet<_> = ask(&sandbox, path, &body).await.into_iter().collect();
        assert_eq!(pictures.len(), count, "{body}");
    }
    let body = dashscope("qwen-image-2.0", json!({"n": 6, "size": "1024*512"}));
    let reply = post(&sandbox, DASHSCOPE, &[KEY], body.to_string())
        .await
        .json();
    assert_eq!(
        reply["usage"],
        json!({"image_count": 6, "width": 1024, "height": 512})
    );
    assert_eq!(reply["output"]["choices"][0]["finish_reason"], "stop");
    assert_eq!(
        reply["output"]["choices"][0]["message"]["role"],
        "assistant"
    );
}

#[tokio::test]
async fn the_same_request_has_the_same_picture_in_any_process() {
    let (one, other) = (sandbox().await, sandbox().await);
    let body = wan(json!({"size": "768x768", "seed": 42}));
    let path = ask(&one, GATEWAY, &body).await.remove(0);
    assert_eq!(path, "/_images/768x768-d85907349d01029e.png");
    assert_eq!(
        ask(&other, GATEWAY, &body).await,
        std::slice::from_ref(&path)
    );
    assert_eq!(get(&one, &path).await.body, get(&other, &path).await.body);

    let unseeded = ask(&one, GATEWAY, &wan(json!({}))).await;
    assert_eq!(unseeded, ask(&one, GATEWAY, &wan(json!({"seed": 0}))).await);
    let different = [
        wan(json!({"seed": 1})),
        wan(json!({"prompt": "q"})),
        json!({"model": "qwen-image-2.0-2026-03-03", "prompt": "p"}),
    ];
    for body in different {
        assert_ne!(ask(&one, GATEWAY, &body).await, unseeded, "{body}");
    }
}

#[tokio::test]
async fn pictures_are_found_under_the_host_that_was_asked() {
    let sandbox = sandbox().await;
    let own = sandbox.url().trim_start_matches("http://").to_owned();
    let cases = [
        ("localhost:8080", "http://localhost:8080/_images/"),
        ("[::1]:1", "http://[::1]:1/_images/"),
        (&own, &format!("{}/_images/", sandbox.url())),
    ];
    for (host, start) in cases {
        let headers = [KEY, ("Host", host)];
        let reply = post(&sandbox, GATEWAY, &headers, wan(json!({})).to_string()).await;
        let reply = reply.json();
        let url = reply["data"][0]["url"].as_str().unwrap();
        assert!(url.starts_with(start), "{url}");
    }
}
