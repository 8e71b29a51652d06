//! The canonical form of the crate `jsonschema` as a third opinion on random pairs of
//! schemas: where it proves that one contains the other, or that it does not, and the
//! comparison says otherwise, that is a fault, or a line of the ledger with its reason.

use apifox_review::{Relation, Role};
use jsonschema::canonical::{CanonicalSchema, Containment};
use serde_json::Value;

use crate::compared;
use crate::random::draw::Draw;
use crate::random::{mutate, said, seeded};
use proptest::test_runner::{RngAlgorithm, TestRng};

/// How many pairs are drawn.
const PAIRS: u64 = 200;

/// The seeds of pairs on which the two differ, and why. So far the comparison only claims too
/// much: it tells of a difference between schemas where no value can show it.
const LEDGER: [(u64, &str); 3] = [
    (67, IMPOSSIBLE),
    (67, IMPOSSIBLE),
    (
        138,
        "an inner schema has contradicting limits and accepts nothing",
    ),
];

const IMPOSSIBLE: &str = "a property is required that `additionalProperties: false` forbids, so \
                          no object is accepted before or after";

fn canonical(schema: &Value) -> Option<CanonicalSchema> {
    jsonschema::canonicalize(schema).ok()
}

/// Whether `big` is known to accept everything that `small` does, or known not to.
fn contains(big: &CanonicalSchema, small: &CanonicalSchema) -> Option<bool> {
    match big.covers(small).ok()? {
        Containment::Yes => Some(true),
        Containment::No => Some(false),
        Containment::Unknown => None,
    }
}

#[test]
fn a_third_opinion_on_containment_agrees() {
    let (mut judged, mut differ) = (0, Vec::new());
    for seed in 0..PAIRS {
        let mut rng = TestRng::from_seed(RngAlgorithm::ChaCha, &seeded(seed));
        let old = Draw::new(seed).schema();
        let new = mutate::mutated(&old, &mut rng);
        let (Some(before), Some(after)) = (canonical(&old), canonical(&new)) else {
            continue;
        };
        let found = compared(&old, &new, Role::Both);
        let (loses, gains) = said(&found);
        let is_unclear = found
            .changes
            .iter()
            .any(|it| it.relation == Relation::Unknown);
        let keeps = [
            (contains(&after, &before), loses),
            (contains(&before, &after), gains),
        ];
        for (opinion, is_lost) in keeps {
            let Some(is_kept) = opinion else {
                continue;
            };
            judged += 1;
            // Where the comparison gives up it says so.
            if is_kept == is_lost && !is_unclear {
                differ.push((
                    seed,
                    format!("kept: {is_kept}\n{old}\n{new}\n{:#}", found.to_json()),
                ));
            }
        }
    }
    assert!(judged > 100, "{judged}");
    let seeds: Vec<u64> = differ.iter().map(|(seed, _)| *seed).collect();
    let ledger: Vec<u64> = LEDGER.iter().map(|(seed, _)| *seed).collect();
    let texts: Vec<&String> = differ.iter().map(|(_, text)| text).collect();
    assert_eq!(seeds, ledger, "of {judged}: {texts:#?}");
}
