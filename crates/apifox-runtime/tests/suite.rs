//! The rules alone, against the official JSON-Schema-Test-Suite.

#![allow(clippy::expect_used)]

use apifox_runtime::{Checker, Draft};
use serde_json::json;
use test_data::suite::{self, Group};

#[test]
fn every_schema_within_one_document_is_judged_right() {
    let Some(directory) = suite::directory() else {
        return;
    };
    let groups = suite::groups(&directory).expect("the suite");
    let (total, mut judged, mut wrong) = (groups.len(), 0, Vec::new());
    for group in groups {
        let draft = match group.schema.get("$schema") {
            Some(_) => Draft::of_schema(&group.schema),
            None => Draft::of_schema(&json!({"$schema": group.dialect})),
        };
        // A dialect of somebody's own is refused before anything is compiled.
        let Some(draft) = draft else { continue };
        match Checker::new(&group.schema, "", draft) {
            Ok(checker) => {
                judged += 1;
                wrong.extend(misjudged(&group, &checker));
            }
            Err(_) if needs_another_document(&group) => {}
            Err(unsupported) => wrong.push(format!("{}: refused: {unsupported}", group.name)),
        }
    }
    assert!(wrong.is_empty(), "of {judged}:\n{}", wrong.join("\n"));
    // The others need another document or a dialect of their own.
    assert!(judged * 100 > total * 94, "{judged} of {total} were judged");
}

fn needs_another_document(group: &Group) -> bool {
    let text = group.schema.to_string();
    text.contains("localhost:1234") || text.contains("json-schema.org/draft")
}

/// The tests of a group whose verdict is not the checker's: neither the quick one nor
/// the one with reasons may differ.
fn misjudged(group: &Group, checker: &Checker) -> Vec<String> {
    let tests = group.tests.as_array().expect("tests").iter();
    let wrong = tests.filter(|test| {
        let verdicts = [
            checker.accepts(&test["data"]),
            checker.violations(&test["data"]).is_empty(),
        ];
        verdicts != [test["valid"] == true; 2]
    });
    wrong
        .map(|test| format!("{}: {}", group.name, test["description"]))
        .collect()
}
