//! Runs the tests of schemas that were drawn at random.

use apifox_exactness::Case;
use apifox_exactness::draw::Draw;
use libtest_mimic::{Arguments, Trial};
use serde_json::Value;

/// Draws an instance of a schema, told how many there were before it.
type Instance = fn(&mut Draw, &Value, usize) -> Value;

/// Tests each case by what judges it, with so many instances.
pub fn run(
    cases: &'static [Case],
    judge: fn(&Case, usize, Instance) -> Result<(), String>,
    instances: usize,
    instance: Instance,
) -> ! {
    let trial =
        |case: &'static Case| Trial::test(case.name, move || Ok(judge(case, instances, instance)?));
    let trials = cases.iter().map(trial).collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit()
}
