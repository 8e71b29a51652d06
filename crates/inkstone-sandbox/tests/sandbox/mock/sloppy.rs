//! Documents as people write them: without a success, with lists that name things twice, and
//! with ids that are called after what they are of.

use apifox_document::sources;
use inkstone_sandbox::Sandbox;
use serde_json::{Value, json};

use super::ask;
use crate::support::http::send;

const DOCUMENT: &str = r#"
openapi: 3.0.3
info: {title: sloppy, version: '1'}
paths:
  /gone: {get: {responses: {'501': {description: gone, content: {application/json: {schema: {$ref: '#/components/schemas/Error'}}}}}}}
  /moved: {get: {responses: {'302': {description: moved}, '500': {description: broken}}}}
  /moved-there: {get: {responses: {'302': {description: moved, headers: {Location: {schema: {type: string, enum: [/here]}}}}}}}
  /twice: {get: {responses: {'200': {description: ok, content: {application/json: {schema: {type: object, required: [id, id, name, id], properties: {id: {type: integer}, name: {type: string}}}}}}}}}
  /宠物/{名字}: {get: {parameters: [{name: 名字, in: path, required: true, schema: {type: string}}], responses: {'204': {description: ok}}}}
  /xml: {get: {responses: {'200': {description: ok, content: {application/xml: {schema: {type: object, properties: {a: {type: string}}}}}}}}}
  /xml-of-text: {get: {responses: {'200': {description: ok, content: {application/xml: {schema: {type: string}}}}}}}
  /xml-of-json: {get: {responses: {'200': {description: ok, content: {application/rss+xml: {example: {a: b}}}}}}}
  /xml-example: {get: {responses: {'200': {description: ok, content: {application/xml: {schema: {type: object}, example: '<a>猫</a>'}}}}}}
  /xml-with-hyphens: {get: {responses: {'200': {description: ok, content: {application/vnd.a---b+xml: {schema: {type: object}}}}}}}
  /xml-with-mark: {get: {responses: {'200': {description: ok, content: {application/xml: {schema: {type: object}, example: "\uFEFF <a/>"}}}}}}
  /files:
    post:
      requestBody: {required: true, content: {'*/*': {schema: {type: string}}}}
      responses: {'201': {description: made}}
  /activities:
    post: {requestBody: {content: {application/json: {schema: {type: object}}}}, responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Activity'}}}}}}
  /activities/{id}:
    get: {parameters: [{name: id, in: path, required: true, schema: {type: integer}}], responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Activity'}}}}}}
  /comments:
    post: {requestBody: {content: {application/json: {schema: {type: object}}}}, responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Comment'}}}}}}
    get: {responses: {'200': {description: ok, content: {application/json: {schema: {type: object, required: [comments], properties: {comments: {type: array, minItems: 1, items: {$ref: '#/components/schemas/Comment'}}}}}}}}}
components:
  schemas:
    Error: {type: object, required: [message], properties: {message: {type: string}}}
    Activity: {type: object, required: [activityId, title], properties: {activityId: {type: integer}, title: {type: string}}}
    Comment: {type: object, required: [message], properties: {message: {type: string}}}
"#;

async fn sloppy() -> Sandbox {
    let document = sources::read_text("sloppy.yaml", DOCUMENT).unwrap();
    Sandbox::builder().mock(document).start().await.unwrap()
}

#[tokio::test]
async fn an_operation_without_a_success_answers_as_it_says() {
    let sandbox = sloppy().await;
    let gone = ask(&sandbox, "GET", "/gone", &Value::Null).await;
    assert_eq!(gone.status, 501);
    assert!(gone.json()["message"].is_string(), "{gone:?}");
    let moved = ask(&sandbox, "GET", "/moved", &Value::Null).await;
    assert_eq!(
        (moved.status, moved.header("location")),
        (302, Some("https://example.com/"))
    );
    let there = ask(&sandbox, "GET", "/moved-there", &Value::Null).await;
    assert_eq!(
        (there.status, there.header("location")),
        (302, Some("/here"))
    );
}

#[tokio::test]
async fn what_is_not_written_as_xml_says_so_and_is_xml() {
    let sandbox = sloppy().await;
    for (path, media) in [
        ("/xml", "application/xml"),
        ("/xml-of-text", "application/xml"),
        ("/xml-of-json", "application/rss+xml"),
    ] {
        let reply = ask(&sandbox, "GET", path, &Value::Null).await;
        let said = format!(
            "the sandbox does not draw {media}: give the response an example that is XML, as a text"
        );
        let text =
            format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- {said} -->\n<none/>\n");
        assert_eq!((reply.status, reply.text()), (200, text.as_str()), "{path}");
        assert_eq!(reply.header("content-type"), Some(media), "{path}");
        assert_eq!(reply.header("x-sandbox-problem"), Some(said.as_str()));
    }
    let example = ask(&sandbox, "GET", "/xml-example", &Value::Null).await;
    assert_eq!(example.text(), "<a>猫</a>");
    assert_eq!(example.header("x-sandbox-problem"), None);
    let marked = ask(&sandbox, "GET", "/xml-with-mark", &Value::Null).await;
    assert_eq!(marked.text(), "\u{feff} <a/>");
    // A comment has no two hyphens in a row.
    let hyphens = ask(&sandbox, "GET", "/xml-with-hyphens", &Value::Null).await;
    let said = "the sandbox does not draw application/vnd.a---b+xml: give the response an example that is XML, as a text";
    assert_eq!(hyphens.header("x-sandbox-problem"), Some(said));
    let text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- {} -->\n<none/>\n",
        said.replace("---", "- - -")
    );
    assert_eq!(hyphens.text(), text);
}

#[tokio::test]
async fn paths_are_shown_as_people_read_them() {
    let sandbox = sloppy().await;
    let found = ask(
        &sandbox,
        "GET",
        "/%E5%AE%A0%E7%89%A9/%E7%8C%AB%2F1",
        &Value::Null,
    );
    assert_eq!(found.await.status, 204);
    let wrong = ask(&sandbox, "DELETE", "/%E5%AE%A0%E7%89%A9/a", &Value::Null).await;
    let message = "/宠物/a does not take DELETE: it takes GET";
    assert_eq!(wrong.json()["detail"], message);
    let paths: Vec<String> = sandbox.journal().into_iter().map(|one| one.path).collect();
    assert_eq!(paths, ["/宠物/猫%2F1", "/宠物/a"]);
}

#[tokio::test]
async fn a_step_is_for_a_path_however_it_is_written() {
    let sandbox = sloppy().await;
    for path in [
        "/宠物/a",
        "/%E5%AE%A0%e7%89%a9/a",
        "/宠物/{名字}",
        "/%e5%ae%a0物/{名字}",
    ] {
        let step = json!({"on": format!("GET {path}"), "status": 503});
        sandbox.script(&step).unwrap();
        let other = ask(&sandbox, "GET", "/gone", &Value::Null).await;
        assert_eq!(other.status, 501, "{path}");
        let played = ask(&sandbox, "GET", "/%E5%AE%A0%E7%89%A9/a", &Value::Null).await;
        assert_eq!(played.status, 503, "{path}");
    }
}

#[tokio::test]
async fn a_name_that_is_required_twice_is_required() {
    let sandbox = sloppy().await;
    let reply = ask(&sandbox, "GET", "/twice", &Value::Null).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    assert!(
        reply.json()["id"].is_i64() && reply.json()["name"].is_string(),
        "{reply:?}"
    );
}

#[tokio::test]
async fn a_body_of_any_type_is_json_only_where_it_says_so() {
    let sandbox = sloppy().await;
    let cases = [
        ("application/octet-stream", "PNG\u{1}", 201),
        ("application/json", "\"text\"", 201),
        ("application/json", "7", 400),
        ("application/json", "text", 400),
    ];
    for (media, body, status) in cases {
        let reply = send(&sandbox, "POST", "/files", &[("Content-Type", media)], body).await;
        assert_eq!(reply.status, status, "{media} {body}: {reply:?}");
    }
}

#[tokio::test]
async fn an_id_may_be_called_after_what_it_is_of() {
    let sandbox = sloppy().await;
    let made = ask(&sandbox, "POST", "/activities", &json!({"title": "a walk"})).await;
    let path = format!("/activities/{}", made.json()["activityId"]);
    assert_eq!(
        ask(&sandbox, "GET", &path, &Value::Null).await.json(),
        made.json()
    );
    assert_eq!(made.json()["title"], "a walk");
}

#[tokio::test]
async fn what_has_no_page_of_its_own_is_listed() {
    let sandbox = sloppy().await;
    for message in ["first", "second"] {
        let made = ask(&sandbox, "POST", "/comments", &json!({"message": message})).await;
        assert_eq!(made.json(), json!({"message": message}));
    }
    let listed = ask(&sandbox, "GET", "/comments", &Value::Null).await.json();
    let expected = json!({"comments": [{"message": "first"}, {"message": "second"}]});
    assert_eq!(listed, expected);
}
