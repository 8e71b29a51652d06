//! Forms of the type multipart/form-data.

use inkstone_sandbox::Sandbox;
use serde_json::json;

use crate::support::http::{FORM, Field, KEY, Reply, form, post};

const EDITS: &str = "/v1/images/edits";
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n...";

async fn sandbox() -> Sandbox {
    let document = json!({
        "method": "POST",
        "path": EDITS,
        "requestBody": {"type": "multipart/form-data", "parameters": [
            {"name": "model", "type": "string", "required": true, "schema": {"enum": ["edit"]}},
            {"name": "image", "type": "file", "required": true},
            {"name": "mask", "type": "file"},
            {"name": "prompt", "type": "string", "required": true, "schema": {"minLength": 2}},
            {"name": "n", "type": "integer", "schema": {"type": "integer", "maximum": 4}},
            {"name": "watermark", "type": "boolean"},
            {"name": "size", "type": "string", "schema": {"default": "512x256"}},
        ]},
        "responses": [{"code": 200, "jsonSchema": {"required": ["data"]}}],
    });
    let builder = Sandbox::builder().document("gateway", "images-edits", document);
    builder.start().await.unwrap()
}

async fn send(sandbox: &Sandbox, fields: &[Field<'_>]) -> Reply {
    post(sandbox, EDITS, &[KEY, FORM], form(fields)).await
}

#[tokio::test]
async fn a_form_gets_its_pictures() {
    let sandbox = sandbox().await;
    let fields: [Field<'_>; 6] = [
        ("model", None, b"edit"),
        ("image[]", Some("a.png"), PNG),
        ("image[]", Some("b.jpg"), b"\xff\xd8\xff..."),
        ("prompt", None, "帽子".as_bytes()),
        ("n", None, b"2"),
        ("else", None, b"x"),
    ];
    let reply = send(&sandbox, &fields).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    let data = reply.json()["data"].as_array().unwrap().clone();
    assert_eq!(data.len(), 2);
    assert!(
        data[0]["url"]
            .as_str()
            .unwrap()
            .contains("/_images/512x256-")
    );
    let entry = sandbox.journal().remove(0);
    assert_eq!(
        (entry.model.as_deref(), entry.submitted),
        (Some("edit"), true)
    );
    let files = json!([{"bytes": 11}, {"bytes": 6}]);
    assert_eq!(
        (&entry.body["prompt"], &entry.body["image[]"]),
        (&json!("帽子"), &files)
    );
}

#[tokio::test]
async fn a_form_is_refused_with_everything_that_is_wrong() {
    let sandbox = sandbox().await;
    let model: Field<'_> = ("model", None, b"edit");
    let image: Field<'_> = ("image", Some("a.png"), PNG);
    let prompt: Field<'_> = ("prompt", None, b"hat");
    let cases: [(&[Field<'_>], u16, &str); 8] = [
        (
            &[image, prompt],
            404,
            "the body names no model; there are: edit",
        ),
        (
            &[("model", None, b"x")],
            404,
            "there is no model \"x\"; there are: edit",
        ),
        (&[model], 400, "image is missing; prompt is missing"),
        (
            &[model, prompt, ("image", None, PNG)],
            400,
            "image is text, not a file",
        ),
        (
            &[model, prompt, image, ("image", Some("b"), b"GIF8")],
            400,
            "file 1 of image is not a picture: send a PNG, JPEG, WebP, GIF, BMP or TIFF file",
        ),
        (
            &[model, image, ("prompt", None, b"x"), ("n", None, b"5")],
            400,
            "prompt breaks minLength 2: \"x\"; n breaks maximum 4: 5",
        ),
        (
            &[
                model,
                image,
                prompt,
                ("n", None, b"two"),
                ("watermark", None, b"1"),
            ],
            400,
            "n breaks type \"integer\": \"two\"; watermark breaks type \"boolean\": 1",
        ),
        (
            &[model, image, prompt, ("mask", Some("m"), b"")],
            400,
            "file 0 of mask is not a picture: send a PNG, JPEG, WebP, GIF, BMP or TIFF file",
        ),
    ];
    for (fields, status, message) in cases {
        let reply = send(&sandbox, fields).await;
        assert_eq!((reply.status, &*reply.message()), (status, message));
    }
    let json = post(&sandbox, EDITS, &[KEY], r#"{"model": "edit"}"#).await;
    let message = "the body is not a form of the type multipart/form-data";
    assert_eq!((json.status, &*json.message()), (400, message));
    let torn = post(&sandbox, EDITS, &[KEY, FORM], "--b\r\n").await;
    assert_eq!(torn.status, 400);
    assert!(torn.message().starts_with("the form can't be read: "));
    assert_eq!(sandbox.stats().submitted, 0);
}
