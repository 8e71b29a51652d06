//! Does a schema that is compiled at run time, as guards of generated types are, say the
//! same of values as an independent validator? And does Rust of it come out or a refusal?
//!
//! Used by the fuzz target and by the test that replays its corpus.

use apifox_runtime::{Draft, Schemas};
use serde_json::Value;

/// The validator takes other time and memory, and has other regular expressions.
const LARGEST: usize = 16 * 1024;
const MOST_REFERENCES: usize = 20;

/// The first line is a schema, each other line a value.
pub fn check(data: &[u8]) {
    let Some(text) = std::str::from_utf8(data)
        .ok()
        .filter(|text| text.len() <= LARGEST)
    else {
        return;
    };
    let mut lines = text.lines();
    let Some(Ok(schema)) = lines.next().map(serde_json::from_str::<Value>) else {
        return;
    };
    let Some(draft) = Draft::of_schema(&schema) else {
        return;
    };
    let made = apifox_build::rust("schema.json", schema.clone(), "Root");
    if let Err(problems) = &made {
        let told = problems.to_string();
        assert!(!told.contains("a fault of apifox-build"), "{told}");
    }
    let values: Vec<Value> = lines
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect();
    let Ok(checker) = Schemas::new(&schema, draft).checker("") else {
        // What types are made of can be compiled.
        assert!(made.is_err(), "{schema}");
        return;
    };
    drop(checker.predicate());
    // Where references double, the validator's time does as well.
    let refers_often = text.matches("$ref").count() > MOST_REFERENCES;
    let witness = match refers_often || has_a_pattern(&schema) {
        true => None,
        false => jsonschema::validator_for(&schema)
            .ok()
            .filter(|_| made.is_ok()),
    };
    for value in values {
        let is_accepted = checker.accepts(&value);
        let violations = checker.violations(&value);
        assert_eq!(
            is_accepted,
            violations.is_empty(),
            "{value}: {violations:?}"
        );
        // A value that is given up is refused, whatever the validator makes of it.
        let is_given_up = violations.iter().any(|one| one.expected.contains("fewer"));
        if let Some(witness) = witness.as_ref().filter(|_| !is_given_up) {
            assert_eq!(
                is_accepted,
                witness.is_valid(&value),
                "{value}: {violations:?}"
            );
        }
    }
}

fn has_a_pattern(value: &Value) -> bool {
    match value {
        Value::Object(members) => members.iter().any(|(name, value)| {
            matches!(&**name, "pattern" | "patternProperties") || has_a_pattern(value)
        }),
        Value::Array(items) => items.iter().any(has_a_pattern),
        _ => false,
    }
}
