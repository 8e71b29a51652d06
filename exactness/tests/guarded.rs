//! Objects with rules across their fields, drawn at random as those of `random.rs` are:
//! what a guard asks of them is written in Rust.

#![allow(clippy::all, clippy::pedantic, missing_docs, dead_code)]
#![cfg_attr(clippy, allow(unused_imports))]

use apifox_exactness::judge::judge;
use apifox_exactness::{Case, Outcome, logic};
use libtest_mimic::{Arguments, Trial};

// The compiler reads what is generated once, when it is tested; its style is nobody's.
#[cfg(not(clippy))]
include!(concat!(env!("OUT_DIR"), "/guarded.rs"));
#[cfg(clippy)]
pub static CASES: &[Case] = &[];

/// How many instances each schema is tried with.
const INSTANCES: usize = 120;

fn main() {
    let trial = |case: &'static Case| {
        Trial::test(case.name, || {
            Ok(judge(case, INSTANCES, |draw, schema, at| match at % 4 {
                0 => logic::instance(draw, 3),
                _ => draw.instance(schema),
            })?)
        })
    };
    let trials = CASES.iter().map(trial).collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}
