//! Response components and variables of a project export.

#![allow(clippy::expect_used, clippy::panic, missing_docs)]

use apifox_document::api::{Api, Endpoint, Reply};
use apifox_document::{Document, forms};
use serde_json::{Value, json};

fn read(json: Value) -> Api {
    forms::read(&Document::from_json("p.json", json), false).expect("a project")
}

/// A project with one operation, `api` beside what every one has.
fn project(api: &Value) -> Value {
    let mut whole =
        json!({"id": "1", "method": "get", "path": "/a", "parameters": {}, "responses": []});
    for (name, value) in api.as_object().expect("an object") {
        whole[name] = value.clone();
    }
    let component = |id: Value, code: Value, by_default: bool| {
        json!({"id": id, "name": format!("R{code}"), "contentType": "json", "code": code,
            "defaultEnable": by_default, "jsonSchema": {"type": "object"}})
    };
    json!({
        "apifoxProject": "1.0.0",
        "apiCollection": [{"name": "root", "items": [{"name": "a", "api": whole}]}],
        "responseCollection": [{"name": "Root", "items": [
            component(json!(1), json!("400"), false),
            component(json!("2"), json!(401), false),
            {"name": "folder", "items": [component(json!(3), json!(500), true)]},
        ]}],
    })
}

/// The status of each reply of the operation, and where its schema is.
fn replies(api: &Api) -> Vec<(u16, String)> {
    let responses = api.operations[0].responses.iter();
    let schema = |reply: &Reply| reply.schema().cloned().unwrap_or_default();
    responses
        .map(|response| (response.status, schema(response.content())))
        .collect()
}

const FIRST: &str = "/responseCollection/0/items/0/jsonSchema";
const SECOND: &str = "/responseCollection/0/items/1/jsonSchema";
const THIRD: &str = "/responseCollection/0/items/2/items/0/jsonSchema";

#[test]
fn an_operation_answers_with_the_components_that_it_names() {
    let by_reference = json!([{"id": "8", "code": 400, "referencedResponseId": 1}]);
    let without_code = json!([{"id": "8", "name": "n", "referencedResponseId": "2"}]);
    let cases = [
        (json!({}), vec![(500, THIRD)]),
        (json!({"commonResponseStatus": {"3": false}}), vec![]),
        (
            json!({"commonResponseStatus": {"2": true}}),
            vec![(401, SECOND), (500, THIRD)],
        ),
        (
            json!({"responses": by_reference}),
            vec![(400, FIRST), (500, THIRD)],
        ),
        (
            json!({"responses": without_code}),
            vec![(401, SECOND), (500, THIRD)],
        ),
        (
            json!({"responses": by_reference, "commonResponseStatus": {"1": true, "3": false}}),
            vec![(400, FIRST)],
        ),
    ];
    for (api, expected) in cases {
        let read = read(project(&api));
        let expected: Vec<(u16, String)> = expected
            .into_iter()
            .map(|(status, place)| (status, place.to_owned()))
            .collect();
        assert_eq!(replies(&read), expected, "{api}");
        assert_eq!(read.skipped, [], "{api}");
    }
}

#[test]
fn a_component_that_is_not_there_is_reported() {
    let cases = [
        (
            json!({"responses": [{"id": 8, "code": 400, "referencedResponseId": 9}]}),
            "/apiCollection/0/items/0/api/responses/0",
            "referencedResponseId: 9 is not a response component",
        ),
        (
            json!({"commonResponseStatus": {"9": true, "10": false}}),
            "/apiCollection/0/items/0/api/commonResponseStatus",
            "9: is not a response component",
        ),
    ];
    for (api, pointer, message) in cases {
        let skipped = read(project(&api)).skipped;
        let [diagnostic] = &skipped[..] else {
            panic!("{api}: {skipped:?}");
        };
        assert_eq!(diagnostic.pointer, pointer);
        assert!(diagnostic.named().starts_with(message), "{diagnostic:?}");
    }
    let page = json!({"name": "p", "method": "get", "path": "/p",
        "responses": [{"id": 8, "code": 400, "referencedResponseId": 9}]});
    let skipped = read(page).skipped;
    assert_eq!(skipped.len(), 1, "{skipped:?}");
}

#[test]
fn a_variable_is_a_parameter_in_a_path_and_any_value_elsewhere() {
    let header = |schema: Value| {
        json!({"path": "{{baseUrl}}/brand/{{id}}/{{ format }}",
            "parameters": {"header": [{"name": "X", "required": true, "schema": schema}]}})
    };
    let api = read(project(&header(
        json!({"type": "string", "enum": ["{{app}}"]}),
    )));
    let operation = &api.operations[0];
    assert_eq!(operation.path, "/brand/{id}/{format}");
    let parameters = operation.parameters.iter();
    let names: Vec<&str> = parameters
        .map(|parameter| parameter.name.as_str())
        .collect();
    assert_eq!(names, ["X", "id", "format"]);
    let schema = api.json.pointer(&operation.parameters[0].schema);
    assert_eq!(schema, Some(&json!({"type": "string"})));
    assert_eq!(api.skipped.len(), 1, "{:?}", api.skipped);
    let api = read(project(&header(
        json!({"type": "string", "enum": ["{app}"]}),
    )));
    assert_eq!(api.skipped, []);
}

#[test]
fn what_the_api_calls_is_apart_from_its_operations() {
    let callbacks = r##"{"done": {"{$request.body#/url}": {"post": {
        "requestBody": {"content": {"application/json": {"schema": {"type": "object", "nullable": true}}}},
        "responses": {"200": {"description": "ok", "headers": 5}}
    }}}}"##;
    let mut document = project(&json!({"callbacks": callbacks}));
    let paid = json!({"name": "paid", "api": {
        "id": "2", "type": "webhook", "method": "post", "path": "http://localhost:3000/paid/{id}",
        "operationId": "onPaid", "parameters": {"query": [{"name": "q"}]}, "responses": [],
        "requestBody": {"type": "application/json", "jsonSchema": {"type": "object"}},
    }});
    let items = document.pointer_mut("/apiCollection/0/items");
    let items = items.and_then(Value::as_array_mut).expect("items");
    items.push(paid);
    let api = read(document);
    let routes = |all: &[Endpoint]| all.iter().map(Endpoint::route).collect::<Vec<_>>();
    assert_eq!(routes(&api.operations), ["GET /a"]);
    let done = "POST GET /a done {$request.body#/url}";
    assert_eq!(routes(&api.incoming), ["POST webhook paid", done]);
    let [paid, done] = &api.incoming[..] else {
        panic!("{:?}", api.incoming);
    };
    assert_eq!(paid.names, ["webhook paid", "webhook onPaid", "onPaid"]);
    let parameters = paid.parameters.iter().map(|parameter| &parameter.name);
    assert_eq!(parameters.collect::<Vec<_>>(), ["q"]);
    assert_eq!(paid.servers, []);
    let callback = done.callback.as_ref().expect("a callback");
    assert_eq!(callback.label, "done");
    assert_eq!(callback.of, ("GET".to_owned(), "/a".to_owned()));
    let content = done.body.as_ref().and_then(|body| body.content());
    let schema = content
        .and_then(|content| content.schema())
        .expect("a schema");
    let schema = api.json.pointer(schema);
    assert_eq!(schema, Some(&json!({"type": ["object", "null"]})));
    let told: Vec<&str> = api.skipped.iter().map(|it| it.message.as_str()).collect();
    assert_eq!(
        told,
        ["headers is 5, not an object of Header; it is skipped"]
    );
    assert_eq!(api.unsupported, []);
}

#[test]
fn an_endpoint_alone_has_webhooks_and_callbacks_too() {
    let callbacks = r##"{"done": {"{$request.body#/url}": {"post": {
        "responses": {"200": {"description": "ok", "headers": 5}}}}}}"##;
    let endpoint = |kind: &str, callbacks: &str| {
        let json = json!({"name": "x", "method": "post", "path": "/x", "type": kind,
            "callbacks": callbacks, "responses": []});
        let api = read(json);
        let routes = |all: &[Endpoint]| all.iter().map(Endpoint::route).collect::<Vec<_>>();
        let told: Vec<String> = api.skipped.iter().map(|it| it.message.clone()).collect();
        (routes(&api.operations), routes(&api.incoming), told)
    };
    let text = |it: &str| vec![it.to_owned()];
    let done = text("POST POST /x done {$request.body#/url}");
    let headers = text("headers is 5, not an object of Header; it is skipped");
    assert_eq!(
        endpoint("http", callbacks),
        (text("POST /x"), done, headers)
    );
    let webhook = (vec![], text("POST webhook x"), vec![]);
    assert_eq!(endpoint("webhook", callbacks), webhook);
    let told = text("is not an object in JSON; the callbacks are skipped");
    assert_eq!(endpoint("http", "{"), (text("POST /x"), vec![], told));
}

/// A project with these webhooks in a folder each, and a scheme that is not there for all.
fn webhooks(all: &[(&str, Value)]) -> Value {
    let mut document = project(&json!({}));
    let root = document
        .pointer_mut("/apiCollection/0")
        .expect("the folder");
    for (folder, webhook) in all {
        let item = json!({"name": webhook["name"], "api": webhook});
        let items = root["items"].as_array_mut().expect("items");
        items.push(json!({"name": folder, "items": [item],
            "auth": {"type": "securityScheme"},
            "securityScheme": {"schemeGroups": [{"schemeIds": ["9"]}]}}));
    }
    document
}

#[test]
fn webhooks_need_no_path_and_no_credentials() {
    let webhook = json!({"name": "paid", "type": "webhook", "method": "post", "responses": []});
    let api = read(webhooks(&[("a", webhook)]));
    let [paid] = &api.incoming[..] else {
        panic!("{:?}", api.skipped);
    };
    assert_eq!(paid.path, "webhook paid");
    assert_eq!(paid.security, [] as [Vec<_>; 0]);
    assert_eq!(api.skipped, []);
}

#[test]
fn webhooks_of_one_title_are_told_apart() {
    let webhook = |path: &str| {
        json!({"name": "Notice", "type": "webhook", "method": "post", "path": path,
            "responses": []})
    };
    let paths = |all: &[(&str, Value)]| {
        let api = read(webhooks(all));
        let paths = api.incoming.iter().map(|webhook| webhook.names[0].clone());
        paths.collect::<Vec<_>>()
    };
    let cases = [
        (("A", "/a"), ("A", "/b"), ["Notice /a", "Notice /b"]),
        (("A", "/a"), ("B", "/a"), ["Notice A", "Notice B"]),
        (("A", "/a"), ("A", "/a"), ["Notice", "Notice"]),
    ];
    for ((folder, path), (other, other_path), named) in cases {
        let both = [(folder, webhook(path)), (other, webhook(other_path))];
        assert_eq!(paths(&both), named.map(|name| format!("webhook {name}")));
    }
}

#[test]
fn callbacks_that_are_no_json_are_told() {
    let cases = [("", false), ("{}", false), ("{", true), ("[]", true)];
    for (text, is_told) in cases {
        let skipped = read(project(&json!({"callbacks": text}))).skipped;
        let told: Vec<_> = skipped.iter().map(|it| it.message.as_str()).collect();
        let expected = "is not an object in JSON; the callbacks are skipped";
        assert_eq!(told, [expected][..usize::from(is_told)], "{text}");
    }
}

#[test]
fn the_host_in_a_path_is_told_and_is_that_of_its_operation() {
    let cases = [
        (
            "https://a.example:8080/.sse?x=1",
            "/.sse?x=1",
            vec!["https://a.example:8080"],
        ),
        ("http://{{host}}/v1", "/v1", vec![]),
    ];
    for (path, expected, urls) in cases {
        let page = json!({"name": "p", "method": "get", "path": path, "responses": []});
        for document in [project(&json!({"path": path})), page] {
            let api = read(document);
            let [operation] = &api.operations[..] else {
                panic!("{path}");
            };
            assert_eq!(operation.path, expected);
            let servers = operation.servers.iter().map(|server| server.url.as_str());
            assert_eq!(servers.collect::<Vec<_>>(), urls, "{path}");
            let (host, _) = path.split_at(path.len() - expected.len());
            let told: Vec<&str> = api
                .unsupported
                .iter()
                .map(|it| it.message.as_str())
                .collect();
            let expected = format!(
                "the host {host} is skipped: the client sends all operations to one address"
            );
            assert_eq!(told, [expected]);
            assert!(api.unsupported[0].pointer.ends_with("/path"), "{path}");
        }
    }
}
