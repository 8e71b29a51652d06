//! The generated types against the verdicts of the official suite: one test a
//! group.

#![allow(clippy::all, clippy::pedantic, missing_docs, dead_code)]

use apifox_exactness::{Case, Outcome};
use libtest_mimic::{Arguments, Failed, Trial};

// The compiler reads what is generated once, when it is tested; its style is nobody's.
#[cfg(not(clippy))]
include!(concat!(env!("OUT_DIR"), "/suite.rs"));
#[cfg(clippy)]
pub static CASES: &[Case] = &[];

/// The groups that are refused or deviate, with the reasons.
const LEDGER: &str = include_str!("../refused.txt");

/// What the names of optional groups have in them.
const OPTIONAL: &str = "/optional/";

fn main() {
    let arguments = Arguments::from_args();
    for (name, is_optional) in [
        ("JSON-Schema-Test-Suite", false),
        ("suite's optional part", true),
    ] {
        if !has_groups(is_optional) {
            test_data::skip(format!("the {name} was missing when this test was built"));
        }
    }
    let mut trials: Vec<Trial> = CASES
        .iter()
        .map(|case| Trial::test(case.name, || judge(case)))
        .collect();
    trials.push(Trial::test(
        "the ledger names deviating groups alone",
        stale,
    ));
    libtest_mimic::run(&arguments, trials).exit();
}

fn has_groups(optional: bool) -> bool {
    CASES
        .iter()
        .any(|case| case.name.contains(OPTIONAL) == optional)
}

/// The reason that the ledger gives for a group.
fn expected(name: &str) -> Option<&'static str> {
    LEDGER
        .lines()
        .filter(|line| !line.starts_with('#'))
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(" => "))
}

fn judge(case: &Case) -> Result<(), Failed> {
    let verdict = match case.outcome {
        Outcome::Refused(why) => Err(format!("refused: {why}")),
        Outcome::Generated(recode) => case.compare(recode),
    };
    match (verdict, expected(case.name)) {
        (Err(why), Some(reason)) if why.contains(reason) => Ok(()),
        (Err(why), Some(reason)) => {
            Err(format!("for another reason than {reason:?}: {why}").into())
        }
        (Err(why), None) => Err(why.into()),
        (Ok(()), Some(_)) => Err("holds now: delete it from refused.txt".into()),
        (Ok(()), None) => Ok(()),
    }
}

fn stale() -> Result<(), Failed> {
    let names: Vec<&str> = CASES.iter().map(|case| case.name).collect();
    let lines = LEDGER
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    for line in lines {
        let (name, reason) = line
            .split_once(" => ")
            .ok_or("a line is `group => reason`")?;
        let is_missing = has_groups(name.contains(OPTIONAL)) && !names.contains(&name);
        if is_missing || reason.trim().is_empty() {
            return Err(format!("no such group, or no reason: {line}").into());
        }
    }
    Ok(())
}
