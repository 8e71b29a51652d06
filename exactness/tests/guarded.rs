//! Objects with rules across their fields, drawn at random as those of `random.rs` are:
//! what a guard asks of them is written in Rust.

#![allow(clippy::all, clippy::pedantic, missing_docs, dead_code)]
#![cfg_attr(clippy, allow(unused_imports))]

mod drawn;

use apifox_exactness::judge::judge;
use apifox_exactness::{Case, Outcome, logic};

// The compiler reads what is generated once, when it is tested; its style is nobody's.
#[cfg(not(clippy))]
include!(concat!(env!("OUT_DIR"), "/guarded.rs"));
#[cfg(clippy)]
pub static CASES: &[Case] = &[];

fn main() {
    drawn::run(CASES, judge, 120, |draw, schema, at| match at % 4 {
        0 => logic::instance(draw, 3),
        _ => draw.instance(schema),
    })
}
