//! The sandbox as its clients see it, with the documents of this repository.
#![allow(clippy::unwrap_used, clippy::panic)]

mod control;
mod documents;
mod http;
mod journal;
mod keywords;
mod pictures;
mod refusals;
mod start;

use std::path::Path;

use apifox_build::source::{self, Document};
use inkstone_sandbox::{Builder, Sandbox};

fn documents() -> Vec<Document> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../schemas");
    source::read(&root).0.documents
}

fn builder() -> Builder {
    documents()
        .into_iter()
        .fold(Sandbox::builder(), |builder, document| {
            builder.document(&document.folders.join("/"), &document.name, document.json)
        })
}

async fn sandbox() -> Sandbox {
    builder().start().await.unwrap()
}
