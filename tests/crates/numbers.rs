//! Numbers are exact in a crate of a user's own: one with nothing in its tree but what
//! generated code needs, so that no feature of a test's dependencies is on.

use std::fs;

use crate::{new_generated_crate, run, run_with_input};

/// A property for each rule; the bound of each is written with as many digits as a double
/// needs, or at the end of 64 bits.
const DOCUMENT: &str = r#"{
 "openapi": "3.1.0", "info": {"title": "t", "version": "1"},
 "paths": {"/t": {"post": {
  "requestBody": {"required": true, "content": {"application/json": {"schema": {
   "type": "object",
   "properties": {
    "least": {"type": "number", "minimum": 0.1},
    "most": {"type": "number", "maximum": 0.9452706955539223},
    "step": {"type": "number", "multipleOf": 0.01},
    "whole": {"type": "integer"},
    "unsigned": {"type": "integer", "maximum": 18446744073709551615},
    "signed": {"type": "integer", "minimum": -9223372036854775808},
    "any": {"type": "number"},
    "one": {"enum": [0.30000000000000004, 9007199254740993]}
   }
  }}}},
  "responses": {"200": {"description": "ok"}}
 }}}
}"#;

const MAIN: &str = r#"
mod api {
    #![allow(dead_code)]
    include!(concat!(env!("OUT_DIR"), "/generated.rs"));
}
use api::numbers::post_t::Request;
use apifox_runtime::{Decode, Node};

#[derive(serde::Deserialize)]
struct Field {
    request: Request,
}

#[derive(serde::Deserialize)]
struct Flat {
    #[serde(flatten)]
    request: Request,
}

#[derive(serde::Deserialize)]
#[serde(untagged)]
enum Either {
    Request(Request),
    #[allow(dead_code)]
    Other(bool),
}

/// What a text is read as: by the text, and in every way in which serde may come to a value.
fn read(json: &str) -> Vec<(&'static str, Option<Request>)> {
    let tree = Node::parse(json.as_bytes());
    let value: serde_json::Value = serde_json::from_str(json).unwrap();
    let tree_of_value = Node::from(&value);
    let field: Result<Field, _> = serde_json::from_str(&format!("{{\"request\":{json}}}"));
    let flat: Result<Flat, _> = serde_json::from_str(json);
    let either: Result<Either, _> = serde_json::from_str(json);
    vec![
        ("text", tree.ok().and_then(|tree| Request::decode_root(&tree).ok())),
        ("value", Request::decode_root(&tree_of_value).ok()),
        ("serde", serde_json::from_str(json).ok()),
        ("reader", serde_json::from_reader(json.as_bytes()).ok()),
        ("from a value", serde_json::from_value(value.clone()).ok()),
        ("field", field.ok().map(|field| field.request)),
        ("flatten", flat.ok().map(|flat| flat.request)),
        ("untagged", either.ok().and_then(|either| match either {
            Either::Request(request) => Some(request),
            Either::Other(_) => None,
        })),
    ]
}

fn main() {
    for line in std::io::stdin().lines() {
        let ways = read(&line.unwrap());
        let written = |read: &Option<Request>| match read {
            Some(request) => serde_json::to_string(request).unwrap(),
            None => "refused".to_owned(),
        };
        let first = written(&ways[0].1);
        let others = ways[1..].iter().filter(|(_, read)| written(read) != first);
        let others: Vec<String> =
            others.map(|(way, read)| format!(", {way}: {}", written(read))).collect();
        println!("{first}{}", others.concat());
    }
    // Doubles with all their digits, whatever their last ones are.
    let mut seed = 1_u64;
    let mut changed = 0;
    for _ in 0..20_000 {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let float = f64::from_bits(seed);
        if !float.is_finite() {
            continue;
        }
        let json = format!("{{\"any\":{float:e}}}");
        let read: Request = serde_json::from_str(&json).unwrap();
        let back: f64 = read.any.as_ref().and_then(|any| any.as_f64()).unwrap();
        changed += usize::from(back.to_bits() != float.to_bits());
    }
    println!("{changed} changed");
}
"#;

/// What is read, and what it is written as; `None` where it is refused.
const CASES: [(&str, Option<&str>); 27] = [
    (r#"{"least":0.1}"#, Some(r#"{"least":0.1}"#)),
    (r#"{"least":0.09999999999999999}"#, None),
    (
        r#"{"least":0.10000000000000002}"#,
        Some(r#"{"least":0.10000000000000002}"#),
    ),
    (
        r#"{"most":0.9452706955539223}"#,
        Some(r#"{"most":0.9452706955539223}"#),
    ),
    (r#"{"most":0.9452706955539224}"#, None),
    (r#"{"step":0.29}"#, Some(r#"{"step":0.29}"#)),
    (r#"{"step":0.295}"#, None),
    (r#"{"step":1.13}"#, Some(r#"{"step":1.13}"#)),
    (
        r#"{"step":9007199254740.93}"#,
        Some(r#"{"step":9007199254740.93}"#),
    ),
    (
        r#"{"whole":18446744073709551615}"#,
        Some(r#"{"whole":18446744073709551615}"#),
    ),
    (r#"{"whole":18446744073709551617}"#, None),
    (
        r#"{"whole":-9223372036854775808}"#,
        Some(r#"{"whole":-9223372036854775808}"#),
    ),
    (r#"{"whole":-9223372036854775810}"#, None),
    (r#"{"whole":12345678901234567890123}"#, None),
    (
        r#"{"whole":9007199254740993}"#,
        Some(r#"{"whole":9007199254740993}"#),
    ),
    (
        r#"{"unsigned":18446744073709551615}"#,
        Some(r#"{"unsigned":18446744073709551615}"#),
    ),
    (r#"{"unsigned":18446744073709551616}"#, None),
    (
        r#"{"signed":-9223372036854775808}"#,
        Some(r#"{"signed":-9223372036854775808}"#),
    ),
    (r#"{"signed":-9223372036854775809}"#, None),
    (
        r#"{"any":1.7976931348623157e+308}"#,
        Some(r#"{"any":1.7976931348623157e+308}"#),
    ),
    (r#"{"any":5e-324}"#, Some(r#"{"any":5e-324}"#)),
    (
        r#"{"any":0.30000000000000004}"#,
        Some(r#"{"any":0.30000000000000004}"#),
    ),
    (
        r#"{"any":123456789.12345678}"#,
        Some(r#"{"any":123456789.12345678}"#),
    ),
    (
        r#"{"one":0.30000000000000004}"#,
        Some(r#"{"one":0.30000000000000004}"#),
    ),
    (r#"{"one":0.3}"#, None),
    (
        r#"{"one":9007199254740993}"#,
        Some(r#"{"one":9007199254740993}"#),
    ),
    (r#"{"one":9007199254740992}"#, None),
];

/// What has more digits than a double or 64 bits keep. The text is refused. Of what serde hands
/// over, the digits are lost before a type sees it: an integer is refused that may be another one
/// than was written; a fraction, and an integer that is written with few digits, is the nearest
/// double, as everywhere in serde.
const LOST: [(&str, Option<&str>); 7] = [
    (r#"{"whole":12345678901234567890123}"#, None),
    (r#"{"whole":18446744073709551616}"#, None),
    (r#"{"unsigned":18446744073709551617}"#, None),
    (r#"{"signed":-9223372036854775809}"#, None),
    (
        r#"{"most":0.94527069553922230001}"#,
        Some(r#"{"most":0.9452706955392223}"#),
    ),
    (
        r#"{"any":0.12345678901234567890}"#,
        Some(r#"{"any":0.12345678901234568}"#),
    ),
    (
        r#"{"whole":100000000000000000001}"#,
        Some(r#"{"whole":1e+20}"#),
    ),
];

#[test]
fn numbers_are_exact_in_a_crate_of_a_users_own() {
    let directory = new_generated_crate("numbers", MAIN);
    let scratch = directory.path();
    fs::create_dir(scratch.join("schemas")).expect("a directory");
    let write = |text: &str| {
        fs::write(scratch.join("schemas/numbers.json"), text).expect("a file");
    };
    write(DOCUMENT);
    let input: Vec<&str> = CASES.iter().chain(&LOST).map(|(json, _)| *json).collect();
    let (succeeded, out, err) = run_with_input(scratch, &input.join("\n"));
    assert!(succeeded, "{err}");
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(lines.len(), CASES.len() + LOST.len() + 1, "{out}");
    for ((json, expected), line) in CASES.iter().zip(&lines) {
        assert_eq!(*line, expected.unwrap_or("refused"), "{json}");
    }
    const WAYS: [&str; 7] = [
        "value",
        "serde",
        "reader",
        "from a value",
        "field",
        "flatten",
        "untagged",
    ];
    for ((json, read), line) in LOST.iter().zip(&lines[CASES.len()..]) {
        let ways = WAYS.map(|way| {
            read.map(|read| format!(", {way}: {read}"))
                .unwrap_or_default()
        });
        assert_eq!(*line, format!("refused{}", ways.concat()), "{json}");
    }
    assert_eq!(lines.last(), Some(&"0 changed"));

    // What has more digits than are kept is refused where it is a rule.
    for bound in ["18446744073709551616", "0.12345678901234567890"] {
        let text = DOCUMENT.replace("0.9452706955539223", bound);
        write(&text);
        let (succeeded, _, err) = run(scratch, &[]);
        assert!(!succeeded, "{bound}");
        let message = format!("maximum: {bound} has more digits than are kept");
        assert!(err.contains(&message), "{bound}: {err}");
        assert!(err.contains("numbers.json:8:"), "{err}");
    }
}
