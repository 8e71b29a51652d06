//! Reads a file with JSON on each line into `serde_json::Value`, and does nothing with it: what
//! `inkstone check` is measured by.
//!
//! `values FILE`

#![allow(clippy::expect_used)]

use std::fs::File;
use std::hint::black_box;
use std::io::{BufRead as _, BufReader};

use serde_json::Value;

fn main() {
    let path = std::env::args_os().nth(1).expect("FILE");
    let mut reader = BufReader::new(File::open(path).expect("a file"));
    let mut line = Vec::new();
    while reader.read_until(b'\n', &mut line).expect("a line") > 0 {
        black_box(serde_json::from_slice::<Value>(&line).expect("JSON"));
        line.clear();
    }
}
