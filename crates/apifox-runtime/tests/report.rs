//! What is told of an instance with more wrong in it than anyone reads.

#![allow(clippy::expect_used, clippy::unwrap_used, missing_docs)]

use apifox_runtime::{Decode, Node};

#[test]
fn of_very_many_violations_the_first_are_told() {
    let json = format!("[{}1]", "1,".repeat(1_000_000));
    let node = Node::parse(json.as_bytes()).expect("JSON");
    let invalid = Vec::<String>::decode_root(&node).expect_err("no strings");
    let told = invalid.violations();
    assert_eq!(told.len(), 1000);
    assert_eq!(told[999].pointer, "/999");
    let text = invalid.to_string();
    let end = "/999: type: expected a string, found 1; at most 1000 are told";
    assert!(text.ends_with(end), "{}", &text[text.len() - 100..]);
}
