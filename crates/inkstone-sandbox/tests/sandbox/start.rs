//! Starting and stopping.

use std::time::{Duration, Instant};

use inkstone_sandbox::Sandbox;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::time::sleep;

use crate::{builder, sandbox};

async fn refusal(documents: &[(&str, &str, Value)]) -> String {
    let builder = documents
        .iter()
        .fold(Sandbox::builder(), |builder, (api, name, json)| {
            builder.document(api, name, json.clone())
        });
    match builder.start().await {
        Ok(_) => panic!("it starts"),
        Err(error) => error.to_string(),
    }
}

fn document(path: &str, request: Value) -> Value {
    json!({"method": "POST", "path": path, "requestBody": {"jsonSchema": request}})
}

#[tokio::test]
async fn documents_that_cannot_be_served_are_named() {
    let a = document("/a", json!({"properties": {"model": {"const": "m"}}}));
    let open = document("/a", json!({"properties": {"model": {"type": "string"}}}));
    let wrong = document("/a", json!({"properties": {"size": {"x-area": 5}}}));
    let mut reply = a.clone();
    reply["responses"] = json!([{"code": 500}, {"code": 200, "jsonSchema": {"type": "text"}}]);
    let cases = [
        (
            vec![("gateway", "x", wrong)],
            "gateway/x, /requestBody/jsonSchema/properties/size/x-area: \
             write whole numbers, as in {\"minimum\": 1, \"maximum\": 100}",
        ),
        (
            vec![("gateway", "x", open)],
            "gateway/x, /requestBody/jsonSchema/properties/model: names no model: \
             give it a const or an enum",
        ),
        (
            vec![("gateway", "x", json!({"path": "/a"}))],
            "gateway/x, /requestBody/jsonSchema: there is no schema",
        ),
        (
            vec![("gateway", "x", a.clone()), ("gateway", "y", a.clone())],
            "gateway/y, /requestBody/jsonSchema/properties/model: \
             gateway/x already answers for the model \"m\"",
        ),
        (
            vec![("gateway", "x", a.clone()), ("dashscope", "y", a)],
            "dashscope/y, /path: /a is a route of the other API",
        ),
        (
            vec![("gateway", "x", reply)],
            "gateway/x, /responses/1/jsonSchema/type: \"text\" is not valid under any of the \
             schemas listed in the 'anyOf' keyword",
        ),
        (
            vec![("gateway", "error", json!({"jsonSchema": {"minimum": "1"}}))],
            "gateway/error, /jsonSchema/minimum: \"1\" is not of type \"number\"",
        ),
    ];
    for (documents, expected) in cases {
        assert_eq!(refusal(&documents).await, expected);
    }
}

#[tokio::test]
async fn an_address_in_use_is_reported_with_a_remedy() {
    let first = sandbox().await;
    let address = first.url().strip_prefix("http://").unwrap();
    let second = builder().address(address.parse().unwrap()).start().await;
    let expected = format!(
        "cannot listen on {address}: another program does; \
         stop it, or choose another port (0 takes a free one)"
    );
    assert_eq!(second.err().map(|error| error.to_string()), Some(expected));
}

#[tokio::test]
async fn it_stops_when_dropped() {
    let sandbox = sandbox().await;
    let address = sandbox.url().strip_prefix("http://").unwrap().to_owned();
    assert!(TcpStream::connect(&address).await.is_ok());
    drop(sandbox);
    let start = Instant::now();
    while TcpStream::connect(&address).await.is_ok() {
        assert!(
            start.elapsed() < Duration::from_secs(60),
            "it still listens"
        );
        sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn it_serves_while_it_is_waited_for() {
    let sandbox = sandbox().await;
    let address = sandbox.url().strip_prefix("http://").unwrap().to_owned();
    let served = tokio::time::timeout(Duration::from_millis(50), sandbox.wait()).await;
    assert!(served.is_err());
    sleep(Duration::from_millis(50)).await;
    assert!(TcpStream::connect(&address).await.is_err());
}
