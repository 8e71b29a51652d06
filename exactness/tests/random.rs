//! The generated types against an independent validator, on schemas drawn at
//! random: from fixed seeds, and from fresh ones, drawn when this crate is built.

#![allow(clippy::all, clippy::pedantic, missing_docs, dead_code)]
#![cfg_attr(clippy, allow(unused_imports))]

mod drawn;

use apifox_exactness::judge::judge;
use apifox_exactness::{Case, Outcome};

// The compiler reads what is generated once, when it is tested; its style is nobody's.
#[cfg(not(clippy))]
include!(concat!(env!("OUT_DIR"), "/random.rs"));
#[cfg(clippy)]
pub static CASES: &[Case] = &[];

fn main() {
    drawn::run(CASES, judge, 60, |draw, schema, _| draw.instance(schema))
}
