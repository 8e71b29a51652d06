//! Objects with rules across their fields, drawn at random as those of `random.rs` are:
//! what a guard asks of them is written in Rust.

#![allow(clippy::all, clippy::pedantic, missing_docs, dead_code)]

use apifox_exactness::draw::Draw;
use apifox_exactness::{Case, Outcome, logic};
use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::Value;

include!(concat!(env!("OUT_DIR"), "/guarded.rs"));

/// How many instances each schema is tried with.
const INSTANCES: usize = 120;

fn main() {
    let arguments = Arguments::from_args();
    let judged = CASES
        .iter()
        .map(|case| Trial::test(case.name, || judge(case)));
    libtest_mimic::run(&arguments, judged.collect()).exit();
}

fn judge(case: &Case) -> Result<(), Failed> {
    let Outcome::Generated(recode) = case.outcome else {
        return Err(format!("{}: {:?}", case.schema, case.outcome).into());
    };
    let schema: Value = serde_json::from_str(case.schema).map_err(|it| it.to_string())?;
    let witness = jsonschema::validator_for(&schema).map_err(|it| it.to_string())?;
    let mut draw = Draw::new(case.schema.len() as u64);
    for at in 0..INSTANCES {
        let instance = match at % 4 {
            0 => logic::instance(&mut draw, 3),
            _ => draw.instance(&schema),
        };
        let text = instance.to_string();
        let said = recode(&text);
        if said.is_ok() != witness.is_valid(&instance) || said.is_ok_and(|it| !it.is_stable) {
            return Err(format!(
                "schema {schema}\ninstance {text}\nthe type says {:?}",
                recode(&text)
            )
            .into());
        }
    }
    Ok(())
}
