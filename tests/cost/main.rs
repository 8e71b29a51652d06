//! What hot paths cost, in instructions: valgrind counts them, so that other work on the
//! machine makes no difference, and they are compared with `instructions.txt`.
//!
//! They are those of this build, without optimisation: what takes a tenth more instructions
//! here seldom takes fewer there. After a change that is worth its cost, or with a new
//! compiler, `UPDATE_GOLDENS=1` writes them anew; another compiler's are not compared.

#![allow(clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::hint::black_box;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

use inkstone::gateway::wan2_7_image_pro::Request;
use inkstone::{Node, OPERATIONS, Operation, check_images};
use serde_json::Value;

/// By how much a count may differ from what is written: hash maps are seeded by chance.
const TOLERANCE: f64 = 0.03;

/// Which path a process of its own is to take, and nothing else.
const PATH: &str = "INKSTONE_COST_OF";

/// Costs nothing: what the others are counted from.
const NOTHING: &str = "nothing";

type Way = fn();

const PATHS: [(&str, Way); 7] = [
    (NOTHING, || {}),
    ("check requests by their operations", check),
    ("look for pictures in requests", look_for_pictures),
    ("read a request by its type", read),
    ("report what is wrong with a request", report),
    ("encode a request", encode),
    ("generate a document's code", generate),
];

/// Requests of every kind, and what is wrong with some of them.
const RULES: &str = include_str!("../rules.json");

const REQUEST: &str = r#"{
    "model": "wan2.7-image-pro", "prompt": "a ginger cat on a windowsill", "n": 2,
    "size": "1920x1080", "seed": 7, "watermark": false
}"#;

/// How often what is short is done.
const TIMES: usize = 50;

fn check() {
    let cases: Vec<Value> = serde_json::from_str(RULES).expect("JSON");
    for case in &cases {
        let operation = operation(case["document"].as_str().expect("a name"));
        black_box((operation.check_request)(&Node::from(&case["body"])));
    }
}

/// Of these requests none brings a picture along: their documents need not be read.
fn look_for_pictures() {
    let cases: Vec<Value> = serde_json::from_str(RULES).expect("JSON");
    for case in &cases {
        let operation = operation(case["document"].as_str().expect("a name"));
        black_box(check_images(operation, &Node::from(&case["body"])));
    }
}

/// The operation of a document such as `gateway/wan2.7-image-pro`.
fn operation(document: &str) -> &'static Operation {
    let mut operations = OPERATIONS.iter();
    let is_meant = |api: &str, name: &str| document.split_once('/') == Some((api, name));
    let operation = operations.find(|it| is_meant(it.api, it.name));
    operation.expect("an operation")
}

fn read() {
    for _ in 0..TIMES {
        black_box(serde_json::from_str::<Request>(REQUEST).expect("a request"));
    }
}

fn report() {
    let wrong = REQUEST
        .replace("1920x1080", "19x10")
        .replace("\"n\": 2", "\"n\": 99");
    for _ in 0..TIMES {
        let error = serde_json::from_str::<Request>(&wrong).expect_err("a wrong size");
        black_box(error.to_string());
    }
}

fn encode() {
    let request: Request = serde_json::from_str(REQUEST).expect("a request");
    for _ in 0..TIMES {
        black_box(serde_json::to_string(&request).expect("JSON"));
    }
}

fn generate() {
    let document =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/gateway/qwen-image-max.json");
    black_box(apifox_build::rust_file(&document, "Root").expect("code"));
}

#[test]
fn hot_paths_cost_what_is_written() {
    if let Some(given) = std::env::var_os(PATH) {
        let (_, way) = PATHS
            .iter()
            .find(|(name, _)| given == *name)
            .expect("a path");
        return way();
    }
    if !is_installed() {
        return test_data::skip("valgrind is not installed: nothing is counted");
    }
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cost/instructions.txt");
    let is_update = std::env::var_os("UPDATE_GOLDENS").is_some();
    let written = std::fs::read_to_string(&file).expect("the file");
    if !is_update && !written.contains(&compiler()) {
        return test_data::skip(format!("{} is another compiler's", file.display()));
    }
    // Counts are the same with others beside them.
    let counted: BTreeMap<&str, u64> = thread::scope(|scope| {
        let counting = PATHS.map(|(name, _)| (name, scope.spawn(|| count(name))));
        let counted = counting.map(|(name, count)| (name, count.join().expect("a count")));
        counted.into()
    });
    let base = counted[NOTHING];
    let counted = counted.into_iter().filter(|(name, _)| *name != NOTHING);
    let counted: BTreeMap<_, _> = counted
        .map(|(name, all)| (name, all.saturating_sub(base)))
        .collect();
    if is_update {
        return std::fs::write(file, text(&counted)).expect("the file is written");
    }
    let expected = expected(&written);
    assert_eq!(
        expected.keys().collect::<Vec<_>>(),
        counted.keys().collect::<Vec<_>>(),
        "UPDATE_GOLDENS=1 writes them anew"
    );
    let off: Vec<String> = counted
        .iter()
        .filter_map(|(name, count)| {
            let ratio = *count as f64 / expected[name] as f64;
            let is_off = (ratio - 1.0).abs() > TOLERANCE;
            is_off.then(|| format!("{name}: {count} instructions, {ratio:.3} × what is written"))
        })
        .collect();
    assert!(
        off.is_empty(),
        "{off:#?}\nif that is meant, UPDATE_GOLDENS=1 writes them anew"
    );
}

/// As in `rustc 1.95.0 (59807616e 2026-04-14)`.
fn compiler() -> String {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc).arg("--version").output();
    let said = output.map(|output| output.stdout).unwrap_or_default();
    String::from_utf8_lossy(&said).trim().to_owned()
}

fn is_installed() -> bool {
    let mut valgrind = Command::new("valgrind");
    let run = valgrind.arg("--version").stdout(Stdio::null()).status();
    run.is_ok_and(|status| status.success())
}

/// How many instructions a process takes for this path alone.
fn count(name: &str) -> u64 {
    let program = std::env::current_exe().expect("this program has a path");
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(program)
        .args([
            "--exact",
            "hot_paths_cost_what_is_written",
            "--test-threads=1",
        ])
        .env(PATH, name)
        .output()
        .expect("valgrind runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{name}: {said}");
    let line = said.lines().find(|line| line.contains("Collected :"));
    let number = line.and_then(|line| line.rsplit(' ').next()?.parse().ok());
    number.unwrap_or_else(|| panic!("{name}: {said}"))
}

fn text(counted: &BTreeMap<&str, u64>) -> String {
    let mut text = format!(
        "# Instructions of hot paths, without optimisation: tests/cost/main.rs counts them, and\n\
         # UPDATE_GOLDENS=1 writes them.\n# {}\n",
        compiler()
    );
    for (name, count) in counted {
        // Writing into a text never fails.
        let _ = writeln!(text, "{name}: {count}");
    }
    text
}

fn expected(text: &str) -> BTreeMap<&str, u64> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let (name, count) = line.split_once(": ").expect("`name: count`");
            (name, count.parse().expect("a count"))
        })
        .collect()
}
