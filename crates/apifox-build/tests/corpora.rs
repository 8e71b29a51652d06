//! What the fuzzers came across is generated from, or refused, still: their corpora
//! through the same checks, without a fuzzer.

#![allow(clippy::expect_used, clippy::unwrap_used, missing_docs)]

#[path = "../../../fuzz/checks/document.rs"]
mod document;
#[path = "../../../fuzz/checks/page.rs"]
mod page;

use std::path::Path;

/// Runs `check` on every file of a corpus, of which there are at least `least`.
fn replay(name: &str, least: usize, check: fn(&[u8])) {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus");
    let Ok(entries) = std::fs::read_dir(corpus.join(name)) else {
        eprintln!("SKIPPED: the corpus {name} is not there");
        return;
    };
    let mut count = 0;
    for entry in entries {
        let path = entry.unwrap().path();
        // Names the file where the check fails.
        eprintln!("{}", path.display());
        check(&std::fs::read(path).unwrap());
        count += 1;
    }
    assert!(count >= least, "{count} files in {name}");
}

#[test]
fn every_document_is_generated_from_or_refused() {
    replay("document", 40, document::check);
}

#[test]
fn every_page_is_read_or_refused() {
    replay("page", 8, page::check);
}
