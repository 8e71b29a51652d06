//! Every document's own examples.

use apifox_document::Document;
use inkstone_sandbox::validator;
use serde_json::Value;

use crate::support::http::{KEY, post};
use crate::{documents, serving};

/// The documents of endpoints that take JSON and make pictures, with their paths.
fn endpoints() -> Vec<(Document, String)> {
    let all = documents().into_iter();
    let endpoint = |document: Document| {
        let path = document.json["path"].as_str()?.to_owned();
        let is_order = !models(&document).is_empty();
        is_order.then_some((document, path))
    };
    all.filter_map(endpoint).collect()
}

fn examples(document: &Document) -> Vec<Value> {
    let examples = document.json["requestBody"]["examples"].as_array();
    let value = |example: &Value| {
        let text = example["value"].as_str().unwrap();
        serde_json::from_str(text).unwrap()
    };
    examples.unwrap().iter().map(value).collect()
}

/// The models that a document answers for.
fn models(document: &Document) -> Vec<Value> {
    let model = &document.json["requestBody"]["jsonSchema"]["properties"]["model"];
    match (&model["const"], &model["enum"]) {
        (Value::Null, Value::Array(models)) => models.clone(),
        (Value::Null, _) => Vec::new(),
        (model, _) => vec![model.clone()],
    }
}

/// The headers that a document asks for: the key, and those with but one value.
fn headers(document: &Document) -> Vec<(&str, &str)> {
    let asked = document.json["parameters"]["header"].as_array();
    let pairs = asked.into_iter().flatten().filter_map(|header| {
        Some((
            header["name"].as_str()?,
            header["schema"]["const"].as_str()?,
        ))
    });
    [KEY].into_iter().chain(pairs).collect()
}

#[tokio::test]
async fn every_example_is_accepted_and_answered_as_its_document_says() {
    let sandbox = serving(documents()).start().await.unwrap();
    let mut asked = 0;
    for (document, path) in endpoints() {
        let schema = &document.json["responses"][0]["jsonSchema"];
        let validator = validator(schema).unwrap();
        for example in examples(&document) {
            for model in models(&document) {
                let mut body = example.clone();
                body["model"] = model;
                let reply = post(&sandbox, &path, &headers(&document), body.to_string()).await;
                assert_eq!(reply.status, 200, "{}: {}", document.file, reply.text());
                let errors: Vec<_> = validator
                    .iter_errors(&reply.json())
                    .map(|e| e.to_string())
                    .collect();
                assert!(errors.is_empty(), "{}: {errors:?}", document.file);
                asked += 1;
            }
        }
    }
    assert_eq!(sandbox.journal().len(), asked);
    assert!(sandbox.journal().iter().all(|entry| entry.submitted));
}

#[tokio::test]
async fn replies_have_the_members_of_their_documents() {
    let sandbox = serving(documents()).start().await.unwrap();
    let mut found = Vec::new();
    for (document, path) in endpoints() {
        let body = examples(&document).remove(0);
        let reply = post(&sandbox, &path, &headers(&document), body.to_string())
            .await
            .json();
        let keys = |value: &Value| {
            // A task's submission has no pictures yet.
            let members = value.as_object().into_iter().flatten();
            let mut keys: Vec<_> = members.map(|(name, _)| name.clone()).collect();
            keys.sort();
            keys.join(",")
        };
        let item = match &reply["data"][0] {
            Value::Null => &reply["output"]["choices"][0],
            item => item,
        };
        found.push((document.file, keys(&reply), keys(item)));
    }
    let expected = [
        (
            "dashscope/qwen-image-2.0.json",
            "output,request_id,usage",
            "finish_reason,message",
        ),
        (
            "dashscope/qwen-image-max.json",
            "output,request_id,usage",
            "finish_reason,message",
        ),
        (
            "dashscope/qwen-image-plus.json",
            "output,request_id,usage",
            "finish_reason,message",
        ),
        (
            "gateway/qwen-image-2.0-2026-03-03.json",
            "created,data",
            "b64_json,revised_prompt,url",
        ),
        ("gateway/qwen-image-edit-2509.json", "created,data", "url"),
        (
            "gateway/qwen-image-max.json",
            "created,data",
            "b64_json,url",
        ),
        (
            "gateway/wan2.7-image-pro.json",
            "created,data",
            "b64_json,revised_prompt,url",
        ),
    ];
    for (file, reply, item) in expected {
        let entry = (file.to_owned(), reply.to_owned(), item.to_owned());
        assert!(found.contains(&entry), "{entry:?} in {found:?}");
    }
}
