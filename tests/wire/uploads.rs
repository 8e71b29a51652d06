//! Uploads to the temporary storage, to a server that answers as it is told.

use std::time::{Duration, SystemTime};

use inkstone::{Client, Error, InputImage, Stage, Upload};
use serde_json::json;

use crate::server::{Act, Server, header, reply};
use crate::{KEY, hasty};

/// A black PNG of 2 by 1 pixels.
const PICTURE: &str = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAAC0lEQVR4nGNgAAMAAAcAAbKGrPQAAAAASUVORK5CYII=";

fn policy(host: &str) -> Act {
    let data = json!({
        "policy": "p", "signature": "s", "upload_dir": "dir/a", "upload_host": host,
        "oss_access_key_id": "id", "x_oss_object_acl": "private",
        "x_oss_forbid_overwrite": "true", "expire_in_seconds": 300, "max_file_size_mb": 1,
    });
    reply(
        "200 OK",
        &json!({"request_id": "r", "data": data}).to_string(),
    )
}

async fn upload(server: &Server) -> Result<Upload, Error> {
    let client = Client::builder(&server.url).key(KEY).retries(hasty());
    let client = client.build().expect("a client");
    let image = InputImage::from_uri(PICTURE).expect("a picture");
    client.upload(&image, "a-model").await
}

#[tokio::test]
async fn the_form_is_that_of_the_policy_and_has_no_key() {
    let storage = Server::start(vec![reply("200 OK", "")]).await;
    let api = Server::start(vec![policy(&storage.url)]).await;
    let upload = upload(&api).await.expect("an upload");
    assert!(upload.uri().starts_with("oss://dir/a/"), "{upload:?}");
    assert!(upload.uri().ends_with(".png"), "{upload:?}");
    let left = upload
        .expires()
        .duration_since(SystemTime::now())
        .expect("some time");
    assert!(left > Duration::from_secs(47 * 3600), "{left:?}");

    let asked = api.requests();
    let line = "GET /api/v1/uploads?action=getPolicy&model=a-model HTTP/1.1";
    assert_eq!(asked[0].lines().next(), Some(line));
    let form = &storage.requests()[0];
    assert!(form.starts_with("POST / HTTP/1.1"), "{form}");
    assert_eq!(header(form, "authorization"), None);
    assert!(!form.contains(KEY), "{form}");
    let key = upload.uri().strip_prefix("oss://").expect("a key");
    for (name, value) in [
        ("OSSAccessKeyId", "id"),
        ("Signature", "s"),
        ("policy", "p"),
        ("x-oss-object-acl", "private"),
        ("x-oss-forbid-overwrite", "true"),
        ("success_action_status", "200"),
        ("key", key),
    ] {
        assert!(form.contains(&format!("name=\"{name}\"")), "{name}: {form}");
        assert!(form.contains(value), "{value}: {form}");
    }
    // What comes behind the file is not read.
    let file = form.find("name=\"file\"").expect("a file");
    assert!(
        form.rfind("name=\"key\"").is_some_and(|at| at < file),
        "{form}"
    );
}

#[tokio::test]
async fn a_storage_that_others_could_listen_to_is_refused() {
    let with_key = format!("https://{KEY}.example");
    for (host, why) in [
        ("http://storage.example", "is not asked by https"),
        ("ftp://storage.example", "is not asked by https"),
        ("storage", "is not a URL"),
        // The key of whoever quotes it is blanked.
        (with_key.as_str(), "is not a URL"),
    ] {
        let api = Server::start(vec![policy(host)]).await;
        let error = upload(&api).await.expect_err("a refusal");
        assert_eq!(error.stage(), Stage::Configuration, "{host}: {error}");
        assert!(error.to_string().contains(why), "{host}: {error}");
        assert!(!format!("{error} {error:?}").contains(KEY), "{error:?}");
        assert!(!error.may_have_been_billed());
    }
}

#[tokio::test]
async fn a_storage_that_refuses_is_asked_by_a_new_policy_and_given_up() {
    let storage = Server::start(vec![reply("403 Forbidden", "<Error/>")]).await;
    let api = Server::start(vec![policy(&storage.url)]).await;
    let error = upload(&api).await.expect_err("a refusal");
    assert_eq!(
        (error.stage(), error.may_have_been_billed()),
        (Stage::NotSent, false)
    );
    assert_eq!((api.count(), storage.count()), (3, 3));
    assert!(error.to_string().contains("HTTP 403: <Error/>"), "{error}");
}

#[tokio::test]
async fn a_reply_without_a_policy_uploads_nothing() {
    for body in ["{}", r#"{"data": {"upload_host": "https://a.example"}}"#] {
        let api = Server::start(vec![reply("200 OK", body)]).await;
        let error = upload(&api).await.expect_err("a refusal");
        assert_eq!(error.stage(), Stage::NotSent, "{error}");
    }
}

#[tokio::test]
async fn pictures_of_a_body_are_uploaded_once_each() {
    let storage = Server::start(vec![reply("200 OK", "")]).await;
    let api = Server::start(vec![policy(&storage.url)]).await;
    let client = Client::builder(&api.url)
        .key(KEY)
        .build()
        .expect("a client");
    let mut body = json!({"a": [PICTURE, "https://a/1.png", {"b": PICTURE}], "c": "data"});
    let count = client.upload_all(&mut body, "m", 0).await.expect("uploads");
    assert_eq!((count, storage.count()), (1, 1));
    assert_eq!(body["a"][0], body["a"][2]["b"]);
    assert!(
        body["a"][0]
            .as_str()
            .is_some_and(|uri| uri.starts_with("oss://")),
        "{body}"
    );
    assert_eq!(
        (&body["a"][1], &body["c"]),
        (&json!("https://a/1.png"), &json!("data"))
    );
    // Short ones stay.
    let mut body = json!({"a": PICTURE});
    let count = client
        .upload_all(&mut body, "m", 1000)
        .await
        .expect("uploads");
    assert_eq!((count, body), (0, json!({"a": PICTURE})));
}

#[tokio::test]
async fn a_region_without_storage_is_refused_before_anything_is_asked() {
    let api = Server::start(vec![policy("https://a.example")]).await;
    let image = InputImage::from_uri(PICTURE).expect("a picture");
    for region in ["ap-southeast-1", "us-east-1"] {
        let client = Client::builder(&api.url).key(KEY).region(region);
        let client = client.build().expect("a client");
        let error = client.upload(&image, "m").await.expect_err("a refusal");
        assert_eq!(error.stage(), Stage::Configuration, "{error}");
        assert!(error.to_string().contains("in cn-beijing alone"), "{error}");
    }
    assert_eq!(api.count(), 0);
}
