//! Two witnesses: for every document the generated types and the `jsonschema` crate agree on
//! every example and on what is derived from the schemas.

use std::process::ExitCode;

use apifox_conformance::Suite;
use inkstone::{DOCUMENTS, OPERATIONS};
use inkstone_sandbox::validator;
use serde_json::{Value, json};

fn main() -> ExitCode {
    let ledger = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/deviations.txt");
    Suite::new(OPERATIONS, DOCUMENTS)
        .witness(validator)
        .ledger_file(ledger)
        .values(values())
        .run()
}

/// Texts around the documents' own formats, and parts of messages.
fn values() -> Vec<Value> {
    let texts = SIZES.iter().chain(URIS).map(|text| json!(text));
    let long = json!("x".repeat(501));
    let parts = [
        json!({"image": "https://a/b.png"}),
        json!({"text": "t", "image": "https://a"}),
    ];
    texts.chain([long]).chain(parts).collect()
}

const SIZES: &[&str] = &[
    "1K",
    "2K",
    "4K",
    "1k",
    "8K",
    "512x512",
    "512*512",
    "511x513",
    "512×512",
    "512X512",
    "2048x2048",
    "2048*2048",
    "2049*2048",
    "2048x2049",
    "4194304x1",
    "1*4194304",
    "262144*1",
    "262143*1",
    "768x768",
    "768*767",
    "4096x4096",
    "4096*4097",
    "2176x272",
    "2177x272",
    "272*2176",
    "272*2177",
    "01024*1024",
    "+1024*1024",
    "1024*1024 ",
    "1024 *1024",
    "1024**1024",
    "1024x",
    "*1024",
    "0*1024",
    "1024.0*1024",
    "1664*928",
    "1664x928",
    "99999999999999999999999*1",
    "1024*1024*1",
    "1024\n*1024",
];

const URIS: &[&str] = &[
    "https://a/b.png",
    "http://a",
    "http://",
    "https",
    "HTTPS://a",
    "ftp://a",
    "oss://a/b",
    "data:image/png;base64,AAAA",
    "data:",
    "https://a/b c",
    "https://a/%zz",
    "https://a/%20",
    "https://a/%2",
    "https://a/图.png",
    "//a/b",
    "a.png",
    " https://a",
];
