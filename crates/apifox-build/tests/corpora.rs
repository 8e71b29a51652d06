//! What the fuzzers found is generated from, or refused, still: their corpora go
//! through the same checks, without a fuzzer.

#![allow(clippy::expect_used, missing_docs)]

#[path = "../../../fuzz/checks/corpus.rs"]
mod corpus;
#[path = "../../../fuzz/checks/document.rs"]
mod document;
#[path = "../../../fuzz/checks/page.rs"]
mod page;
#[path = "../../../fuzz/checks/schema.rs"]
mod schema;

#[test]
fn every_schema_says_the_same_as_another_validator() {
    let archive = include_bytes!("../../../fuzz/corpus/schema.tar.gz");
    let count = corpus::replay(archive, schema::check);
    assert!(count > 35, "{count} schemas");
}

#[test]
fn every_document_is_generated_from_or_refused() {
    let archive = include_bytes!("../../../fuzz/corpus/document.tar.gz");
    let count = corpus::replay(archive, document::check);
    assert!(count > 400, "{count} documents");
}

#[test]
fn every_page_is_read_or_refused() {
    let archive = include_bytes!("../../../fuzz/corpus/page.tar.gz");
    let count = corpus::replay(archive, page::check);
    assert!(count > 150, "{count} pages");
}
