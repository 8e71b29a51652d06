//! Lints a document, and compares it with another one or with itself, and prints how long each
//! takes: `review_cost FILE [OTHER]`. `WHAT=lint` or `WHAT=diff` does only that.

#![allow(clippy::expect_used, clippy::print_stdout)]

use std::path::Path;
use std::time::Instant;

use apifox_document::sources;
use apifox_review::lint::lint;
use apifox_review::{Role, diff};

fn main() {
    let mut files = std::env::args().skip(1);
    let file = files.next().expect("a file");
    let other = files.next().unwrap_or_else(|| file.clone());
    let only = std::env::var("WHAT").unwrap_or_default();
    let timed = |start: Instant| start.elapsed().as_secs_f64();
    let start = Instant::now();
    let old = sources::read_file(Path::new(&file)).expect("a document");
    println!("read {file}: {:.2} s", timed(start));
    if only != "diff" {
        let start = Instant::now();
        let findings = lint(&old).expect("a document");
        println!("lint: {:.2} s, {} findings", timed(start), findings.len());
    }
    if only != "lint" {
        let new = sources::read_file(Path::new(&other)).expect("a document");
        let start = Instant::now();
        let found = diff(&old, &new, Role::Both).expect("two documents");
        let changes = found.changes.len();
        println!(
            "diff with {other}: {:.2} s, {changes} changes",
            timed(start)
        );
    }
}
