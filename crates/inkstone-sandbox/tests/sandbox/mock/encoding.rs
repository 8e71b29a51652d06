//! Forms whose fields are written as `encoding` says: by the client of this repository, and by
//! the examples of OpenAPI.

use apifox_document::sources;
use apifox_runtime::{FieldEncoding, Media, Node, Operation, Serialization, Style};
use inkstone_sandbox::Sandbox;
use serde_json::{Value, json};

use crate::support::http::{Reply, send};

const FORM: [(&str, &str); 1] = [("Content-Type", "application/x-www-form-urlencoded")];

/// A sandbox that answers a form of these fields with what it read.
async fn echo(properties: &Value, encoding: &Value, rest: &Value) -> Sandbox {
    let mut schema = json!({"type": "object", "properties": properties, "required": ["color"]});
    for (name, value) in rest.as_object().unwrap() {
        schema[name] = value.clone();
    }
    let reply = json!({"type": "object", "properties": properties});
    let form =
        json!({"application/x-www-form-urlencoded": {"schema": schema, "encoding": encoding}});
    let document = json!({
        "openapi": "3.1.1",
        "info": {"title": "forms", "version": "1"},
        "paths": {"/colors": {"post": {
            "requestBody": {"required": true, "content": form},
            "responses": {"201": {"description": "made", "content": {"application/json": {"schema": reply}}}},
        }}},
    });
    let document = sources::read_text("forms.json", &document.to_string()).unwrap();
    Sandbox::builder().mock(document).start().await.unwrap()
}

async fn post(sandbox: &Sandbox, body: impl AsRef<[u8]>) -> Reply {
    send(sandbox, "POST", "/colors", &FORM, body).await
}

/// What the sandbox reads as the color.
#[track_caller]
fn assert_read(reply: &Reply, color: &Value, case: &str) {
    let problem = reply.header("x-sandbox-problem");
    assert_eq!((reply.status, problem), (201, None), "{case}");
    assert_eq!(&reply.json()["color"], color, "{case}");
}

fn strings() -> Value {
    json!({"type": "array", "items": {"type": "string"}, "minItems": 1})
}

fn rgb() -> Value {
    let channel = json!({"type": "integer"});
    json!({"type": "object", "required": ["R", "G", "B"], "additionalProperties": false,
        "properties": {"R": channel, "G": channel, "B": channel}})
}

/// <https://spec.openapis.org/oas/v3.1.1.html#style-examples>
#[tokio::test]
async fn the_examples_of_openapi_are_read() {
    let (list, object) = (
        json!(["blue", "black", "brown"]),
        json!({"R": 100, "G": 200, "B": 150}),
    );
    // What the client's tests hold its writing against.
    let table = include_str!("../../../../apifox-runtime/tests/wire/styles.txt");
    let mut cases = Vec::new();
    for line in table.lines().filter(|line| line.starts_with("query ")) {
        let [_, style, explode, _, _, items, members] =
            line.split_whitespace().collect::<Vec<_>>()[..]
        else {
            panic!("{line}");
        };
        cases.push((style, explode == "true", strings(), items, &list));
        cases.push((style, explode == "true", rgb(), members, &object));
    }
    // Some say nothing of lists or of objects.
    cases.retain(|(_, _, _, body, _)| *body != "!");
    assert_eq!(cases.len(), 11);
    for (style, explode, schema, body, expected) in cases {
        let encoding = json!({"color": {"style": style, "explode": explode}});
        let (properties, more) = (json!({"color": schema}), json!({"minProperties": 1}));
        // A plain list of fields, and a schema that says more.
        for rest in [json!({}), more] {
            let sandbox = echo(&properties, &encoding, &rest).await;
            assert_read(&post(&sandbox, body).await, expected, body);
        }
    }
}

/// <https://spec.openapis.org/oas/v3.1.1.html#example-url-encoded-form-with-json-values>
#[tokio::test]
async fn an_object_without_encoding_is_json() {
    let properties =
        json!({"id": {"type": "string"}, "color": {"type": "object", "properties": {}}});
    let sandbox = echo(&properties, &json!({}), &json!({})).await;
    let body = "id=f81d4fae-7dec-11d0-a765-00a0c91e6bf6&color=%7B%22streetAddress%22%3A%22123+Example+Dr.%22%2C\
                %22city%22%3A%22Somewhere%22%2C%22state%22%3A%22CA%22%2C%22zip%22%3A%2299999%2B1234%22%7D";
    let address = json!({"streetAddress": "123 Example Dr.", "city": "Somewhere", "state": "CA", "zip": "99999+1234"});
    assert_read(&post(&sandbox, body).await, &address, body);
}

/// What the client sends for a color that is written so.
fn sent(color: &Value, encoding: &'static [FieldEncoding]) -> Vec<u8> {
    let operation = Operation {
        path: "/colors",
        method: "POST",
        body: Some(Media::Form),
        encoding,
        ..Operation::ANY
    };
    let form = json!({"size": 3, "color": color});
    operation
        .encode(&Node::from(&form))
        .unwrap()
        .body
        .unwrap()
        .bytes
}

const fn styled(serialization: Serialization) -> [FieldEncoding; 1] {
    [FieldEncoding {
        name: "color",
        serialization: Some(serialization),
        media: &[],
        headers: &[],
    }]
}

const JSON: &[FieldEncoding] = &[FieldEncoding {
    name: "color",
    serialization: None,
    media: &["application/json"],
    headers: &[],
}];
const JOINED: &[FieldEncoding] = &styled(Style::Form.joined());
const EXPLODED: &[FieldEncoding] = &styled(Style::Form.exploded());
const SPACES: &[FieldEncoding] = &styled(Style::SpaceDelimited.joined());
const PIPES: &[FieldEncoding] = &styled(Style::PipeDelimited.joined());
const DEEP: &[FieldEncoding] = &styled(Style::DeepObject.exploded());

/// Asserts that a color which the client writes so is read as what it is.
async fn assert_round_trip(
    encoding: &'static [FieldEncoding],
    described: &Value,
    schema: &Value,
    color: &Value,
) {
    let body = sent(color, encoding);
    let case = format!("{described} {}", String::from_utf8_lossy(&body));
    let properties = json!({"size": {"type": "integer"}, "color": schema});
    for rest in [json!({}), json!({"minProperties": 1})] {
        let sandbox = echo(&properties, described, &rest).await;
        assert_read(&post(&sandbox, &body).await, color, &case);
    }
}

#[tokio::test]
async fn what_the_client_writes_is_read_as_what_it_was_given() {
    let style = |style: &str, explode: bool| json!({"color": {"style": style, "explode": explode}});
    let json_type = json!({"color": {"contentType": "application/json"}});
    let (words, list) = (strings(), json!(["a,b", "c d", "e&f=g", "%2C+"]));
    let open = json!({"type": "object", "additionalProperties": {"type": "integer"}});
    let text = json!({"type": "string"});
    let cases = [
        (JOINED, style("form", false), &words, list.clone()),
        (
            JOINED,
            style("form", false),
            &rgb(),
            json!({"R": 1, "G": 2, "B": 3}),
        ),
        (
            JOINED,
            style("form", false),
            &json!({"type": "object"}),
            json!({"a,b": "c,d"}),
        ),
        (EXPLODED, style("form", true), &words, list.clone()),
        (
            EXPLODED,
            style("form", true),
            &open,
            json!({"x": 1, "y": 2}),
        ),
        (
            SPACES,
            style("spaceDelimited", false),
            &words,
            json!(["a,b", "c|d"]),
        ),
        (
            PIPES,
            style("pipeDelimited", false),
            &words,
            json!(["a,b", "c d"]),
        ),
        (
            DEEP,
            style("deepObject", true),
            &rgb(),
            json!({"R": 1, "G": 2, "B": 3}),
        ),
        (
            DEEP,
            style("deepObject", true),
            &open,
            json!({"x": 1, "a b": 2}),
        ),
        (JSON, json_type.clone(), &text, json!("a \"b\"")),
        (JSON, json_type.clone(), &text, json!("7")),
        (JSON, json_type.clone(), &words, list),
        (JSON, json_type, &rgb(), json!({"R": 1, "G": 2, "B": 3})),
    ];
    for (encoding, described, schema, color) in cases {
        assert_round_trip(encoding, &described, schema, &color).await;
    }
}

#[tokio::test]
async fn a_field_in_another_style_is_refused() {
    let numbers = json!({"type": "array", "items": {"type": "integer"}});
    let sandbox = echo(
        &json!({"color": numbers}),
        &json!({"color": {"style": "pipeDelimited", "explode": false}}),
        &json!({}),
    )
    .await;
    assert_read(
        &post(&sandbox, "color=1%7C2").await,
        &json!([1, 2]),
        "pipes",
    );
    let reply = post(&sandbox, "color=1,2").await;
    assert_eq!(
        (reply.status, reply.header("x-sandbox-problem")),
        (400, Some("color/0 breaks type \"integer\": \"1,2\""))
    );
    // A comma that is encoded is read as a separator only where it can be nothing else.
    let sandbox = echo(
        &json!({"color": {"type": "array", "items": {"type": "integer"}}}),
        &json!({"color": {"style": "form", "explode": false}}),
        &json!({}),
    )
    .await;
    assert_read(
        &post(&sandbox, "color=1%2C2").await,
        &json!([1, 2]),
        "encoded comma",
    );
}

#[tokio::test]
async fn parameters_are_decoded_after_they_are_split() {
    let list = json!({"type": "array", "items": {"enum": ["a,b", "c"]}});
    let parameter = |name: &str, place: &str| json!({"name": name, "in": place, "required": true, "explode": false, "schema": list});
    let document = json!({
        "openapi": "3.1.1",
        "info": {"title": "lists", "version": "1"},
        "paths": {"/lists/{p}": {"get": {
            "parameters": [parameter("p", "path"), parameter("q", "query"), parameter("c", "cookie")],
            "responses": {"204": {"description": "ok"}},
        }}},
    });
    let document = sources::read_text("lists.json", &document.to_string()).unwrap();
    let sandbox = Sandbox::builder().mock(document).start().await.unwrap();
    let cookie = [("Cookie", "c=a%2Cb,c")];
    let reply = send(&sandbox, "GET", "/lists/a%2Cb,c?q=c,a%2Cb", &cookie, "").await;
    assert_eq!(
        (reply.status, reply.header("x-sandbox-problem")),
        (204, None)
    );
}
