//! The generated types against an independent validator, on schemas drawn at
//! random: from fixed seeds, and from fresh ones, drawn when this crate is built.

#![allow(clippy::all, clippy::pedantic, missing_docs, dead_code)]

use apifox_exactness::draw::Draw;
use apifox_exactness::{Case, Outcome};
use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::Value;

include!(concat!(env!("OUT_DIR"), "/random.rs"));

/// How many instances each schema is tried with.
const INSTANCES: usize = 60;

fn main() {
    let arguments = Arguments::from_args();
    let trials = CASES
        .iter()
        .map(|case| Trial::test(case.name, || judge(case)))
        .collect();
    libtest_mimic::run(&arguments, trials).exit();
}

fn judge(case: &Case) -> Result<(), Failed> {
    let recode = match case.outcome {
        Outcome::Generated(recode) => recode,
        Outcome::Refused(why) => return Err(format!("refused: {why}").into()),
    };
    let schema: Value = serde_json::from_str(case.schema).map_err(|it| it.to_string())?;
    let witness = jsonschema::validator_for(&schema).map_err(|it| it.to_string())?;
    let mut draw = Draw::new(case.schema.len() as u64);
    for _ in 0..INSTANCES {
        let instance = draw.instance(&schema);
        let text = instance.to_string();
        let said = recode(&text);
        if said.is_ok() != witness.is_valid(&instance) {
            return Err(format!("schema {schema}\ninstance {text}\nthe type says {said:?}").into());
        }
        let Ok(recoded) = said else { continue };
        let again: Value = serde_json::from_str(&recoded.json).map_err(|it| it.to_string())?;
        let node = apifox_runtime::Node::from(&instance);
        if !recoded.is_stable
            || !witness.is_valid(&again)
            || node != apifox_runtime::Node::from(&again)
        {
            return Err(format!("schema {schema}\n{text} became {}", recoded.json).into());
        }
    }
    Ok(())
}
