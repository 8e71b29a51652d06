//! The same as `random.rs` with formats asserted: on schemas drawn at random, from fixed
//! seeds and from fresh ones.

#![allow(clippy::all, clippy::pedantic, missing_docs, dead_code)]
#![cfg_attr(clippy, allow(unused_imports))]

use apifox_exactness::judge::judge_formats;
use apifox_exactness::{Case, Outcome};
use libtest_mimic::{Arguments, Trial};

// The compiler reads what is generated once, when it is tested; its style is nobody's.
#[cfg(not(clippy))]
include!(concat!(env!("OUT_DIR"), "/formats.rs"));
#[cfg(clippy)]
pub static CASES: &[Case] = &[];

/// How many instances each schema is tried with.
const INSTANCES: usize = 60;

fn main() {
    let trial = |case: &'static Case| {
        Trial::test(case.name, || {
            Ok(judge_formats(case, INSTANCES, |draw, schema, _| {
                draw.instance(schema)
            })?)
        })
    };
    let trials = CASES.iter().map(trial).collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}
