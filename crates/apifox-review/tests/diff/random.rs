//! On schemas drawn at random: where the comparison says that nothing is lost, no
//! instance may be lost by the verdict of the crate `jsonschema`; nor gained.

use apifox_review::{Diff, Relation, Role};
use proptest::test_runner::{RngAlgorithm, TestRng};
use serde_json::{Value, json};

use crate::compared;

#[path = "../../../../exactness/src/draw.rs"]
#[allow(dead_code)]
pub mod draw;
#[path = "random_mutate.rs"]
pub mod mutate;

use draw::Draw;

/// How many pairs are drawn, and how many instances each is tried with.
const PAIRS: u64 = 1500;
const INSTANCES: usize = 60;

/// Whether some of what was accepted no longer is, and whether more is.
pub fn said(found: &Diff) -> (bool, bool) {
    let any = |is: &dyn Fn(Relation) -> bool| found.changes.iter().any(|it| is(it.relation));
    let unlike = |it| matches!(it, Relation::Other | Relation::Unknown);
    (
        any(&|it| it == Relation::Narrower || unlike(it)),
        any(&|it| it == Relation::Wider || unlike(it)),
    )
}

#[test]
fn what_is_said_to_be_kept_is_kept() {
    let mut claims = [0_u32; 4];
    for seed in 0..PAIRS {
        let mut rng = TestRng::from_seed(RngAlgorithm::ChaCha, &seeded(seed));
        let mut draw = Draw::new(seed);
        let old = draw.schema();
        let new = match seed % 8 {
            0 => draw.schema(),
            _ => mutate::mutated(&old, &mut rng),
        };
        if let Some(claim) = judge(&old, &new, &mut draw) {
            claims[claim] += 1;
        }
    }
    // The test would be none if the comparison claimed nothing.
    let [same, wider, narrower, other] = claims;
    assert!(
        same > 100 && wider > 100 && narrower > 100 && other > 50,
        "{claims:?}"
    );
}

pub fn seeded(seed: u64) -> [u8; 32] {
    let mut bytes = [7; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    bytes
}

/// Tries instances of both schemas; which of four relations was claimed.
fn judge(old: &Value, new: &Value, draw: &mut Draw) -> Option<usize> {
    let found = compared(old, new, Role::Both);
    let (loses, gains) = said(&found);
    let witnesses = (
        jsonschema::validator_for(old).ok()?,
        jsonschema::validator_for(new).ok()?,
    );
    for index in 0..INSTANCES {
        let instance = draw.instance(if index % 2 == 0 { old } else { new });
        let (was, is) = (
            witnesses.0.is_valid(&instance),
            witnesses.1.is_valid(&instance),
        );
        let context = || {
            format!(
                "old {old}\nnew {new}\ninstance {instance}\n{:#}",
                found.to_json()
            )
        };
        assert!(
            loses || !was || is,
            "lost, but not reported:\n{}",
            context()
        );
        assert!(
            gains || was || !is,
            "gained, but not reported:\n{}",
            context()
        );
    }
    Some(usize::from(gains) + 2 * usize::from(loses))
}

#[test]
fn a_schema_is_the_same_as_itself_written_otherwise() {
    for seed in 0..PAIRS {
        let old = Draw::new(seed).schema();
        let new = mutate::rewritten(&old);
        let found = compared(&old, &new, Role::Both);
        let changes = found
            .changes
            .iter()
            .filter(|it| it.relation != Relation::Equal);
        assert_eq!(
            changes.count(),
            0,
            "old {old}\nnew {new}\n{:#}",
            found.to_json()
        );
        assert_eq!(json!(found.verdict().name()), json!("patch"));
    }
}
