//! Schemas that a generator once tripped over, with the verdicts they ask for.

#![allow(clippy::all, clippy::pedantic, missing_docs, dead_code)]

use apifox_exactness::{Case, Outcome};
use libtest_mimic::{Arguments, Failed, Trial};

// The compiler reads what is generated once, when it is tested; its style is nobody's.
#[cfg(not(clippy))]
include!(concat!(env!("OUT_DIR"), "/cases.rs"));
#[cfg(clippy)]
pub static CASES: &[Case] = &[];

fn main() {
    let arguments = Arguments::from_args();
    let trials = CASES
        .iter()
        .map(|case| Trial::test(case.name, || judge(case)))
        .collect();
    libtest_mimic::run(&arguments, trials).exit();
}

fn judge(case: &Case) -> Result<(), Failed> {
    match case.outcome {
        Outcome::Refused(why) => Err(format!("refused: {why}").into()),
        Outcome::Generated(recode) => Ok(case.compare(recode)?),
    }
}
