//! The generated types against the verdicts of the official suite: one test a
//! group.

#![allow(clippy::all, clippy::pedantic, missing_docs, dead_code)]

use apifox_exactness::{Case, Outcome};
use libtest_mimic::{Arguments, Failed, Trial};

include!(concat!(env!("OUT_DIR"), "/suite.rs"));

/// The groups that are refused, with the reasons.
const LEDGER: &str = include_str!("../refused.txt");

fn main() {
    let arguments = Arguments::from_args();
    if CASES.is_empty() {
        test_data::skip("the JSON-Schema-Test-Suite was missing when this test was built");
    }
    let mut trials: Vec<Trial> = CASES
        .iter()
        .map(|case| Trial::test(case.name, || judge(case)))
        .collect();
    if !CASES.is_empty() {
        trials.push(Trial::test("the ledger names refused groups alone", stale));
    }
    libtest_mimic::run(&arguments, trials).exit();
}

/// The reason that the ledger gives for refusing a group.
fn expected(name: &str) -> Option<&'static str> {
    LEDGER
        .lines()
        .filter(|line| !line.starts_with('#'))
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(" => "))
}

fn judge(case: &Case) -> Result<(), Failed> {
    match (case.outcome, expected(case.name)) {
        (Outcome::Refused(why), Some(reason)) if why.contains(reason) => Ok(()),
        (Outcome::Refused(why), Some(reason)) => {
            Err(format!("refused for another reason than {reason:?}: {why}").into())
        }
        (Outcome::Refused(why), None) => Err(format!("refused: {why}").into()),
        (Outcome::Generated(_), Some(_)) => {
            Err("is generated now: delete it from refused.txt".into())
        }
        (Outcome::Generated(recode), None) => Ok(case.compare(recode)?),
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
        if !names.contains(&name) || reason.trim().is_empty() {
            return Err(format!("no such group, or no reason: {line}").into());
        }
    }
    Ok(())
}
