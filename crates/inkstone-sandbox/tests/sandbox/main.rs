//! The sandbox as its clients see it, with the documents of this repository.
#![allow(clippy::unwrap_used, clippy::panic)]

mod control;
mod counts;
mod documents;
mod draw;
mod forms;
mod journal;
mod keywords;
mod mock;
mod pictures;
mod refusals;
mod script;
mod start;
mod support;
mod tasks;
mod uploads;
mod wire;

use std::path::Path;

use apifox_document::{Document, sources};
use inkstone_sandbox::{Builder, Sandbox};

fn documents() -> Vec<Document> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schemas");
    sources::read(&root).0.documents
}

fn serving(documents: Vec<Document>) -> Builder {
    documents
        .into_iter()
        .fold(Sandbox::builder(), |builder, document| {
            builder.document(&document.folders.join("/"), &document.name, document.json)
        })
}

/// Some of the documents, so that a new one changes none of the tests' messages.
const SOME: [&str; 9] = [
    "dashscope/error.json",
    "dashscope/qwen-image-2.0.json",
    "dashscope/qwen-image-max.json",
    "dashscope/qwen-image-plus.json",
    "gateway/error.json",
    "gateway/qwen-image-2.0-2026-03-03.json",
    "gateway/qwen-image-edit-2509.json",
    "gateway/qwen-image-max.json",
    "gateway/wan2.7-image-pro.json",
];

fn builder() -> Builder {
    let mut documents = documents();
    documents.retain(|document| SOME.contains(&&*document.file));
    serving(documents)
}

async fn sandbox() -> Sandbox {
    builder().start().await.unwrap()
}
