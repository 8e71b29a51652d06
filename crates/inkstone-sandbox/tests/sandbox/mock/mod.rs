//! Any document, answered for.

mod documents;
mod encoding;
mod heavy;
mod sloppy;

use apifox_document::sources;
use inkstone_sandbox::Sandbox;
use serde_json::{Value, json};

use crate::support::http::{Reply, send};

const PETS: &str = r##"
openapi: 3.1.0
info: {title: Pets, version: "1"}
servers: [{url: "https://api.example.com/{version}", variables: {version: {default: v2}}}]
security: [{key: []}]
paths:
  /pets:
    get:
      parameters:
        - {name: limit, in: query, schema: {type: integer, maximum: 50}}
        - {name: tags, in: query, schema: {type: array, items: {type: string}}, style: form, explode: false}
      responses:
        "200": {description: all, content: {application/json: {schema: {type: array, items: {$ref: "#/components/schemas/Pet"}}}}}
    post:
      requestBody:
        required: true
        content:
          application/json: {schema: {$ref: "#/components/schemas/NewPet"}}
          application/x-www-form-urlencoded: {schema: {$ref: "#/components/schemas/NewPet"}}
      responses:
        "201":
          description: made
          headers: {X-Rate: {schema: {type: integer, minimum: 3, maximum: 3}}}
          content: {application/json: {schema: {$ref: "#/components/schemas/Pet"}}}
        default: {description: wrong, content: {application/json: {schema: {$ref: "#/components/schemas/Error"}}}}
  /pets/{petId}:
    parameters: [{name: petId, in: path, required: true, schema: {type: integer}}]
    get:
      responses:
        "200":
          description: one
          content:
            application/json:
              schema: {$ref: "#/components/schemas/Pet"}
              examples: {cat: {value: {id: 7, name: Tom, age: 3}}, wrong: {value: {id: x}}}
        "404": {description: none, content: {application/json: {schema: {$ref: "#/components/schemas/Error"}}}}
    patch:
      requestBody: {content: {application/merge-patch+json: {schema: {type: object}}}}
      responses: {"200": {description: changed, content: {application/json: {schema: {$ref: "#/components/schemas/Pet"}}}}}
    delete: {responses: {"204": {description: gone}}}
  /pets/mine: {get: {security: [], responses: {"200": {description: mine, content: {text/plain: {schema: {type: string, const: mine}}}}}}}
  /photo: {get: {security: [], responses: {"200": {description: photo, content: {image/png: {}}}}}}
  /news: {get: {security: [], responses: {"200": {description: news, content: {text/event-stream: {itemSchema: {type: object}}}}}}}
components:
  securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}
  schemas:
    NewPet:
      type: object
      required: [name]
      additionalProperties: false
      properties: {name: {type: string, minLength: 2}, age: {type: integer, maximum: 30}}
    Pet:
      type: object
      required: [id, name]
      properties: {id: {type: integer, minimum: 1}, name: {type: string}, age: {type: integer}}
    Error:
      type: object
      required: [code, message]
      properties: {code: {type: integer}, message: {type: string}}
"##;

const KEY: (&str, &str) = ("X-Key", "any");

/// A method and path with the headers and the body, and the status and the problem that are
/// answered.
type Request = (
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
    &'static str,
    u16,
    &'static str,
);

const REQUESTS: [Request; 13] = [
    (
        "GET",
        "/pets",
        &[],
        "",
        401,
        "no credentials: send a key in the header `X-Key`; any will do",
    ),
    (
        "GET",
        "/pets?limit=51",
        &[KEY],
        "",
        400,
        "limit breaks maximum 50: 51",
    ),
    (
        "GET",
        "/pets?limit=ten",
        &[KEY],
        "",
        400,
        "limit breaks type \"integer\": \"ten\"",
    ),
    ("GET", "/pets?limit=50&tags=a,b", &[KEY], "", 200, ""),
    ("GET", "/v2/pets", &[KEY], "", 200, ""),
    (
        "GET",
        "/v3/pets",
        &[KEY],
        "",
        404,
        "there is no operation for GET /v3/pets",
    ),
    (
        "PUT",
        "/pets",
        &[KEY],
        "",
        405,
        "/pets does not take PUT: it takes GET, POST",
    ),
    ("POST", "/pets", &[KEY], "", 400, "the body is missing"),
    (
        "POST",
        "/pets",
        &[KEY, ("Content-Type", "text/csv")],
        "a",
        415,
        "the body is announced as text/csv: send application/json or application/x-www-form-urlencoded",
    ),
    (
        "POST",
        "/pets",
        &[KEY, ("Content-Type", "application/json")],
        "{",
        400,
        "the body is not JSON: EOF while parsing an object at line 1 column 1",
    ),
    (
        "POST",
        "/pets",
        &[KEY],
        r#"{"name":"x","age":31,"b":1}"#,
        400,
        "the body breaks additionalProperties, which forbids [\"b\"]: {\"age\":31,\"b\":1,\"name\":\"x\"}; \
             /age breaks maximum 30: 31; /name breaks minLength 2: \"x\"",
    ),
    (
        "GET",
        "/pets/abc",
        &[KEY],
        "",
        400,
        "petId breaks type \"integer\": \"abc\"",
    ),
    ("GET", "/pets/mine", &[], "", 200, ""),
];

async fn pets() -> Sandbox {
    let document = sources::read_text("pets.yaml", PETS).unwrap();
    let started = Sandbox::builder().mock(document).seed(5).start().await;
    started.unwrap_or_else(|error| panic!("{error}"))
}

/// Sends a body as JSON, unless it is null.
async fn ask(sandbox: &Sandbox, method: &str, path: &str, body: &Value) -> Reply {
    let body = match body {
        Value::Null => String::new(),
        body => body.to_string(),
    };
    send(sandbox, method, path, &[KEY], body).await
}

#[tokio::test]
async fn requests_are_judged_as_the_document_says() {
    let sandbox = pets().await;
    for (method, path, headers, body, status, problem) in REQUESTS {
        let reply = send(&sandbox, method, path, headers, body).await;
        assert_eq!(reply.status, status, "{method} {path} {}", reply.head);
        let told = reply.header("x-sandbox-problem").unwrap_or_default();
        // Members of an object have no order.
        let told = told.replace(
            r#"{"name":"x","age":31,"b":1}"#,
            r#"{"age":31,"b":1,"name":"x"}"#,
        );
        assert_eq!(told, problem, "{method} {path}");
    }
    let form = [KEY, ("Content-Type", "application/x-www-form-urlencoded")];
    let reply = send(&sandbox, "POST", "/pets", &form, "name=Kit+ty&age=3").await;
    assert_eq!(reply.status, 201);
    assert_eq!(reply.json()["name"], "Kit ty");
    assert_eq!(reply.header("X-Rate"), Some("3"));
}

#[tokio::test]
async fn a_file_in_a_form_is_base64() {
    let document = "\
openapi: 3.0.3
info: {title: photos, version: '1'}
paths:
  /photos:
    post:
      requestBody:
        content:
          application/x-www-form-urlencoded:
            schema:
              type: object
              properties:
                photo: {type: string, format: binary}
                others: {type: array, items: {type: string, format: binary}}
      responses: {'204': {description: taken}}
";
    let document = sources::read_text("photos.yaml", document).unwrap();
    let sandbox = Sandbox::builder().mock(document).start().await.unwrap();
    let form = [("Content-Type", "application/x-www-form-urlencoded")];
    let cases = [
        ("photo=%2B%2B%2F%2F&others=aA%3D%3D&others=", 204, ""),
        ("photo=data%3Aimage", 400, "photo is text, not base64"),
        (
            "others=aA%3D%3D&others=!",
            400,
            "others is text, not base64",
        ),
    ];
    for (body, status, problem) in cases {
        let reply = send(&sandbox, "POST", "/photos", &form, body).await;
        assert_eq!(reply.status, status, "{body}: {}", reply.head);
        let told = reply.header("x-sandbox-problem").unwrap_or_default();
        assert_eq!(told, problem, "{body}");
    }
}

#[tokio::test]
async fn errors_are_in_the_words_of_the_document() {
    let sandbox = pets().await;
    let refused = ask(&sandbox, "POST", "/pets", &json!({"name": "x"})).await;
    assert_eq!(refused.status, 400);
    assert_eq!(refused.json()["message"], "/name breaks minLength 2: \"x\"");
    assert!(refused.json()["code"].is_i64());
    let unknown = ask(&sandbox, "GET", "/cats", &Value::Null).await;
    assert_eq!(
        unknown.json()["message"],
        "there is no operation for GET /cats"
    );
    let other = ask(&sandbox, "PUT", "/pets", &Value::Null).await;
    assert_eq!(other.header("allow"), Some("GET, POST"));
    let empty = sources::read_text("e.yaml", "openapi: 3.0.0\ninfo: {title: e, version: '1'}\npaths: {/a: {get: {responses: {'200': {description: a}}}}}").unwrap();
    let sandbox = Sandbox::builder().mock(empty).start().await.unwrap();
    let undescribed = send(&sandbox, "POST", "/a", &[], "").await;
    assert_eq!(
        undescribed.header("content-type"),
        Some("application/problem+json")
    );
    assert_eq!(
        undescribed.json()["detail"],
        "/a does not take POST: it takes GET"
    );
}

#[tokio::test]
async fn what_was_posted_is_found_changed_and_deleted() {
    let sandbox = pets().await;
    let mut ids = Vec::new();
    for name in ["Mimi", "Momo"] {
        let made = ask(
            &sandbox,
            "POST",
            "/v2/pets",
            &json!({"name": name, "age": 4}),
        )
        .await;
        assert_eq!(made.status, 201, "{made:?}");
        assert_eq!(made.json()["name"], name);
        ids.push(made.json()["id"].as_u64().unwrap());
    }
    assert_ne!(ids[0], ids[1]);
    let one = format!("/pets/{}", ids[0]);
    let found = ask(&sandbox, "GET", &one, &Value::Null).await.json();
    assert_eq!(found, json!({"id": ids[0], "name": "Mimi", "age": 4}));
    let patch = [KEY, ("Content-Type", "application/merge-patch+json")];
    let changed = send(&sandbox, "PATCH", &one, &patch, r#"{"age":5}"#).await;
    assert_eq!(changed.json()["age"], 5);
    let listed = ask(&sandbox, "GET", "/pets", &Value::Null).await.json();
    let names: Vec<_> = listed
        .as_array()
        .unwrap()
        .iter()
        .map(|pet| pet["name"].clone())
        .collect();
    assert_eq!(names, ["Mimi", "Momo"]);
    assert_eq!(listed[0]["age"], 5);
    assert_eq!(
        ask(&sandbox, "DELETE", &one, &Value::Null).await.status,
        204
    );
    let gone = ask(&sandbox, "GET", &one, &Value::Null).await;
    assert_eq!(gone.status, 404);
    assert_eq!(gone.json()["message"], format!("{} was deleted", ids[0]));
    // What was never stored is an example, as of a server without states.
    let other = ask(&sandbox, "GET", "/pets/99", &Value::Null).await;
    assert_eq!(other.json(), json!({"id": 7, "name": "Tom", "age": 3}));
}

/// Its requests have no id, as those of most APIs.
const PLANTS: &str = r##"
openapi: 3.1.0
info: {title: Plants, version: "1"}
paths:
  /plants:
    get: {responses: {"200": {description: all, content: {application/json: {schema: {type: array, items: {$ref: "#/components/schemas/Plant"}}}}}}}
    post:
      requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/New"}}}}
      responses: {"201": {description: made, content: {application/json: {schema: {$ref: "#/components/schemas/Plant"}}}}}
  /plants/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get: {responses: {"200": {description: one, content: {application/json: {schema: {$ref: "#/components/schemas/Plant"}}}}}}
    put:
      requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/New"}}}}
      responses: {"200": {description: changed, content: {application/json: {schema: {$ref: "#/components/schemas/Plant"}}}}}
    patch:
      requestBody: {content: {application/json: {schema: {type: object}}}}
      responses: {"204": {description: changed}}
components:
  schemas:
    New: {type: object, required: [name], properties: {name: {type: string}, age: {type: integer}}}
    Plant:
      type: object
      required: [id, name, age, row]
      properties: {id: {type: integer}, name: {type: string}, age: {type: integer}, row: {type: integer}}
"##;

#[tokio::test]
async fn what_is_replaced_keeps_its_id_and_what_the_server_drew() {
    let document = sources::read_text("plants.yaml", PLANTS).unwrap();
    let sandbox = Sandbox::builder().mock(document).seed(5).start().await;
    let sandbox = sandbox.unwrap_or_else(|error| panic!("{error}"));
    let made = ask(&sandbox, "POST", "/plants", &json!({"name": "a", "age": 4})).await;
    let made = made.json();
    let (id, row) = (&made["id"], &made["row"]);
    let one = format!("/plants/{id}");
    let put = ask(&sandbox, "PUT", &one, &json!({"name": "b"}))
        .await
        .json();
    // The age that the client sent is replaced by none, and drawn as nobody sent one.
    let age = &put["age"];
    let expected = json!({"id": id, "name": "b", "age": age, "row": row});
    assert_eq!(put, expected);
    assert_ne!(*age, 4);
    let put = ask(&sandbox, "PUT", &one, &json!({"name": "c"}))
        .await
        .json();
    let expected = json!({"id": id, "name": "c", "age": age, "row": row});
    assert_eq!(put, expected);
    let patched = ask(&sandbox, "PATCH", &one, &json!({"name": "d"})).await;
    assert_eq!(patched.status, 204);
    let expected = json!({"id": id, "name": "d", "age": age, "row": row});
    assert_eq!(
        ask(&sandbox, "GET", &one, &Value::Null).await.json(),
        expected
    );

    // What is made by PUT, or known by a reply without a body, has the id of its path too.
    let other = ask(
        &sandbox,
        "PUT",
        "/plants/77",
        &json!({"name": "e", "age": 1}),
    )
    .await;
    let other = other.json();
    assert_eq!(
        other,
        json!({"id": 77, "name": "e", "age": 1, "row": other["row"]})
    );
    let sent = json!({"name": "f", "age": 2, "row": 3});
    let patched = ask(&sandbox, "PATCH", "/plants/78", &sent).await;
    assert_eq!(patched.status, 204);
    let third = json!({"id": 78, "name": "f", "age": 2, "row": 3});
    let found = ask(&sandbox, "GET", "/plants/78", &Value::Null).await;
    assert_eq!(found.json(), third);
    let listed = ask(&sandbox, "GET", "/plants", &Value::Null).await;
    assert_eq!(listed.json(), json!([expected, other, third]));
}

#[tokio::test]
async fn replies_are_the_same_for_a_seed_and_can_be_asked_for() {
    let (first, second) = (pets().await, pets().await);
    let body = |sandbox| async move { ask(sandbox, "GET", "/pets", &Value::Null).await.body };
    assert_eq!(body(&first).await, body(&second).await);
    let with = |name, value| {
        let headers = [KEY, (name, value)];
        let first = &first;
        async move { send(first, "GET", "/pets/5", &headers, "").await }
    };
    let forced = with("X-Sandbox-Status", "404").await;
    assert_eq!(
        (forced.status, &forced.json()["message"]),
        (404, &json!("the sandbox was asked to answer 404"))
    );
    let example = with("X-Sandbox-Example", "wrong").await;
    assert_eq!((example.status, example.json()), (200, json!({"id": "x"})));
    let unknown = with("X-Sandbox-Example", "dog").await;
    assert_eq!(
        unknown.header("x-sandbox-problem"),
        Some("X-Sandbox-Example: there is no example \"dog\"; there are: \"cat\", \"wrong\"")
    );
    let photo = send(&first, "GET", "/photo", &[], "").await;
    assert_eq!(photo.header("content-type"), Some("image/png"));
    assert!(photo.body.starts_with(b"\x89PNG"));
    let news = send(&first, "GET", "/news", &[], "").await;
    assert_eq!(news.text().matches("data: {").count(), 3, "{}", news.text());
}

#[tokio::test]
async fn scripts_and_the_journal_are_for_any_document() {
    let sandbox = pets().await;
    let steps = json!([
        {"on": "GET /pets/{petId}", "status": 503, "message": "later"},
        {"set": {"/name": "Changed"}},
        {"truncate": 3},
    ]);
    sandbox.script(&steps).unwrap();
    let listed = ask(&sandbox, "GET", "/pets/1", &Value::Null).await;
    assert_eq!(
        (
            listed.status,
            listed.json()["detail"].is_string() || listed.json()["message"].is_string()
        ),
        (503, true)
    );
    assert_eq!(
        ask(&sandbox, "GET", "/pets/1", &Value::Null).await.json()["name"],
        "Changed"
    );
    assert_eq!(
        ask(&sandbox, "GET", "/pets/1", &Value::Null)
            .await
            .body
            .len(),
        3
    );
    let journal = sandbox.journal();
    assert_eq!(journal.len(), 3);
    assert_eq!((journal[0].status, journal[0].step), (503, Some(0)));
    assert!(!journal[0].submitted);
}
