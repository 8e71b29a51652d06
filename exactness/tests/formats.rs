//! The same as `random.rs` with formats asserted.

#![allow(clippy::all, clippy::pedantic, missing_docs, dead_code)]
#![cfg_attr(clippy, allow(unused_imports))]

mod drawn;

use apifox_exactness::judge::judge_formats;
use apifox_exactness::{Case, Outcome};

// The compiler reads what is generated once, when it is tested; its style is nobody's.
#[cfg(not(clippy))]
include!(concat!(env!("OUT_DIR"), "/formats.rs"));
#[cfg(clippy)]
pub static CASES: &[Case] = &[];

fn main() {
    drawn::run(CASES, judge_formats, 60, |draw, schema, _| {
        draw.instance(schema)
    })
}
