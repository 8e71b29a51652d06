//! Whether a value keeps to the rules of a schema, asked in both ways, one of which says
//! why it does not: both agree with an independent validator, on schemas that apply
//! others in any way, from fixed seeds and from fresh ones.

#![allow(clippy::expect_used)]

use std::time::{SystemTime, UNIX_EPOCH};

use apifox_exactness::draw::Draw;
use apifox_exactness::logic;
use apifox_runtime::{Checker, Draft};
use serde_json::Value;

/// How many schemas are drawn, from fixed and from fresh seeds each.
const SCHEMAS: u64 = 4000;
const INSTANCES: usize = 25;

#[derive(Default)]
struct Seen {
    refused: u64,
    valid: usize,
    invalid: usize,
}

fn compare(seed: u64, seen: &mut Seen) {
    let mut draw = Draw::new(seed);
    let schema = logic::schema(&mut draw);
    let checker = match Checker::new(&schema, "", Draft::Latest) {
        Ok(checker) => checker,
        // One of the references may lead to a property that is not there.
        Err(error) => {
            assert_eq!(
                error.keyword, "$ref",
                "seed {seed}\nschema {schema}\n{error}"
            );
            seen.refused += 1;
            return;
        }
    };
    let witness = jsonschema::validator_for(&schema).expect("a schema");
    for _ in 0..INSTANCES {
        let instance: Value = logic::instance(&mut draw, 4);
        let is_valid = witness.is_valid(&instance);
        let said = checker.violations(&instance);
        assert_eq!(
            [checker.accepts(&instance), said.is_empty()],
            [is_valid; 2],
            "seed {seed}\nschema {schema}\ninstance {instance}\nviolations {said:?}"
        );
        match is_valid {
            true => seen.valid += 1,
            false => seen.invalid += 1,
        }
    }
}

fn all(first: u64) {
    let mut seen = Seen::default();
    for seed in first..first + SCHEMAS {
        compare(seed, &mut seen);
    }
    let said = format!("{} {} {}", seen.refused, seen.valid, seen.invalid);
    assert!(seen.refused < SCHEMAS / 2, "{said}");
    assert!(seen.valid.min(seen.invalid) > 5000, "{said}");
}

#[test]
fn from_fixed_seeds() {
    all(0);
}

#[test]
fn from_fresh_seeds() {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    all(now.expect("a time after 1970").as_secs() * SCHEMAS);
}
