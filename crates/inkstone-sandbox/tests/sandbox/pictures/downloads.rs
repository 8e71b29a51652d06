//! Downloads: ranges, and what a script does to them.

use serde_json::json;

use crate::sandbox;
use crate::script::scripted;
use crate::support::http::{get, send};

const PATH: &str = "/_images/16x16-00000000000000ff.png";

#[tokio::test]
async fn parts_of_a_picture_can_be_asked_for() {
    let sandbox = sandbox().await;
    let whole = get(&sandbox, PATH).await;
    let length = whole.body.len();
    assert_eq!(whole.header("Accept-Ranges"), Some("bytes"));
    let tag = whole.header("ETag").unwrap().to_owned();
    let range = |range: &'static str, tag: &str| {
        let tag = tag.to_owned();
        let sandbox = &sandbox;
        async move {
            let headers = [("Range", range), ("If-Range", &*tag)];
            send(sandbox, "GET", PATH, &headers, "").await
        }
    };
    let part = range("bytes=10-", &tag).await;
    assert_eq!((part.status, &*part.body), (206, &whole.body[10..]));
    let expected = format!("bytes 10-{}/{length}", length - 1);
    assert_eq!(part.header("Content-Range"), Some(&*expected));
    let other = range("bytes=10-", "\"other\"").await;
    assert_eq!((other.status, other.body.len()), (200, length));
    let past = range("bytes=100000-", &tag).await;
    let expected = format!("bytes */{length}");
    assert_eq!(
        (past.status, past.header("Content-Range")),
        (416, Some(&*expected))
    );
    let statuses: Vec<_> = sandbox.journal().iter().map(|entry| entry.status).collect();
    assert_eq!(statuses, [200, 206, 200, 416]);
}

#[tokio::test]
async fn a_script_can_break_downloads() {
    let sandbox = scripted(json!([
        {"ranges": false},
        {"expired": true},
        {"on": "image", "content_type": "text/plain"},
        {"on": "image", "html": "<p>", "status": 200},
        {"on": "image", "redirect": "http://127.0.0.1:9/", "status": 302},
        {"on": "image", "cut": {"at": "body", "after": 20}},
        {"on": "image", "truncate": 30},
        {"on": "image", "error": "NotFound"},
    ]))
    .await;
    let plain = send(&sandbox, "GET", PATH, &[("Range", "bytes=1-")], "").await;
    assert_eq!((plain.status, plain.header("Accept-Ranges")), (200, None));
    let expired = get(&sandbox, PATH).await;
    assert_eq!(
        (expired.status, expired.header("Content-Type")),
        (403, Some("application/xml"))
    );
    assert!(expired.text().contains("<Code>AccessDenied</Code>"));
    assert!(
        expired
            .text()
            .contains("<Message>Request has expired.</Message>")
    );
    let text = get(&sandbox, PATH).await;
    assert_eq!(text.header("Content-Type"), Some("text/plain"));
    assert_eq!(text.body, plain.body);
    let page = get(&sandbox, PATH).await;
    assert_eq!((page.status, page.text()), (200, "<p>"));
    let moved = get(&sandbox, PATH).await;
    assert_eq!(
        (moved.status, moved.header("Location")),
        (302, Some("http://127.0.0.1:9/"))
    );
    let cut = get(&sandbox, PATH).await;
    assert_eq!(cut.body, plain.body[..20]);
    let short = get(&sandbox, PATH).await;
    assert_eq!(short.body, plain.body[..30]);
    assert_eq!(short.header("Content-Length"), Some("30"));
    assert_eq!(get(&sandbox, PATH).await.status, 404);
    assert_eq!(get(&sandbox, PATH).await.status, 200);
    assert!(sandbox.journal().iter().all(|entry| !entry.submitted));
}
