//! The rules that span fields, case by case: `rules.json` says of each body what
//! is wrong with it, and both witnesses have to find just that.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeSet;

use apifox_document::schema::keywords::{KEYWORDS, Treatment};
use apifox_runtime::{Checker, Draft};
use inkstone::{Node, OPERATIONS, Operation};
use inkstone_sandbox::validator;
use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind as Kind;
use serde_json::{Value, json};

const CASES: &str = include_str!("rules.json");

/// Where a rule is broken, and its keyword.
type Broken = BTreeSet<(String, String)>;

struct Case {
    label: String,
    operation: &'static Operation,
    body: Value,
    violations: Broken,
    /// Where a warning stands.
    warnings: Vec<String>,
}

fn cases() -> Vec<Case> {
    let cases: Vec<Value> = serde_json::from_str(CASES).expect("rules.json is JSON");
    cases.into_iter().map(case).collect()
}

fn case(case: Value) -> Case {
    let text = |value: &Value| value.as_str().expect("a string").to_owned();
    let document = text(&case["document"]);
    let (api, name) = document.split_once('/').expect("`api/name`");
    let mut operations = OPERATIONS.iter();
    let operation = operations.find(|it| it.api == api && it.name == name);
    let violations = case["violations"].as_array().expect("an array");
    let warnings = case["warnings"].as_array().into_iter().flatten();
    Case {
        label: format!("{document}: {}", text(&case["about"])),
        operation: operation.expect(&document),
        violations: violations
            .iter()
            .map(|it| (text(&it[0]), text(&it[1])))
            .collect(),
        warnings: warnings.map(text).collect(),
        body: case["body"].clone(),
    }
}

/// What an error of the second witness comes to: of alternatives, what is wrong
/// with the one that was meant, the only one that fits the value but for a part.
fn broken(error: &ValidationError<'_>, schema: &Value) -> Vec<(String, String)> {
    let (Kind::AnyOf { context } | Kind::OneOfNotValid { context }) = error.kind() else {
        return vec![(place(error, schema), keyword(error))];
    };
    let is_part = |it: &ValidationError<'_>| it.instance_path() != error.instance_path();
    let meant: Vec<_> = context
        .iter()
        .filter(|all| all.iter().all(is_part))
        .collect();
    match meant[..] {
        [all] => all.iter().flat_map(|it| broken(it, schema)).collect(),
        _ => vec![(place(error, schema), keyword(error))],
    }
}

/// Where the second witness finds an error. It knows only the object that holds
/// two arrays of unlike length; the rule says which of them is meant.
fn place(error: &ValidationError<'_>, schema: &Value) -> String {
    let array = match keyword(error).as_str() {
        "x-same-length" => &schema
            .pointer(error.schema_path().as_str())
            .expect("a rule")["array"],
        _ => &Value::Null,
    };
    format!(
        "{}{}",
        error.instance_path(),
        array.as_str().unwrap_or_default()
    )
}

fn keyword(error: &ValidationError<'_>) -> String {
    match error.kind() {
        Kind::FalseSchema => "false".to_owned(),
        // The kinds lump together what the last step to the rule tells apart.
        _ => {
            let path = error.schema_path().as_str();
            match path.rsplit('/').next().unwrap_or(path) {
                // At least one is what `contains` asks for anyway.
                "minContains" => "contains".to_owned(),
                keyword => keyword.to_owned(),
            }
        }
    }
}

#[test]
fn the_types_find_just_what_is_wrong() {
    for case in cases() {
        let mut report = (case.operation.check_request)(&Node::from(&case.body));
        let warnings = report.take_warnings();
        let found: Broken = report
            .violations()
            .iter()
            .map(|it| (it.pointer.clone(), it.keyword.to_owned()))
            .collect();
        assert_eq!(found, case.violations, "{}", case.label);
        let warned: Vec<String> = warnings.into_iter().map(|it| it.pointer).collect();
        assert_eq!(warned, case.warnings, "{}", case.label);
    }
}

#[test]
fn the_second_witness_finds_the_same() {
    for case in cases() {
        let document: Value = serde_json::from_str(case.operation.document).expect("JSON");
        let schema = &document["requestBody"]["jsonSchema"];
        let witness = validator(schema).expect("the schema compiles");
        let found: Broken = witness
            .iter_errors(&case.body)
            .flat_map(|error| broken(&error, schema))
            .collect();
        assert_eq!(found, case.violations, "{}", case.label);
    }
}

/// A keyword of ours that the table of keywords has and a witness does not know would be
/// skipped in silence.
#[test]
fn each_keyword_of_ours_is_enforced_by_both_witnesses() {
    // The keyword, its value, what it accepts and what it refuses.
    let rows = json!([
        ["x-area", {"maximum": 100}, "10x10", "10x11"],
        ["x-aspect-ratio", {"maximum": "2:1"}, "2x1", "3x1"],
        ["x-format", "date", "2026-11-29", "2026-11-31"],
        ["x-same-length", {"array": "/a", "as": "/b"}, {"a": [1], "b": [2]}, {"a": [1], "b": []}],
        ["x-side", {"minimum": 8}, "8x8", "8x7"],
        ["x-sum", {"of": "share", "equals": "1%"}, [{"share": "1%"}], [{"share": "2%"}]],
    ]);
    let rows = rows.as_array().expect("rows");
    let known = KEYWORDS.iter().filter(|known| {
        known.name.starts_with("x-") && matches!(known.treatment, Treatment::Enforced(_))
    });
    let known: Vec<&str> = known.map(|known| known.name).collect();
    let tried: Vec<&str> = rows.iter().filter_map(|row| row[0].as_str()).collect();
    assert_eq!(tried, known);
    for row in rows {
        let name = row[0].as_str().expect("a name");
        let schema = json!({ name: row[1] });
        let first = Checker::new(&schema, "", Draft::Latest).expect(name);
        let second = validator(&schema).expect(name);
        for (value, is_fine) in [(&row[2], true), (&row[3], false)] {
            assert_eq!(first.accepts(value), is_fine, "{name}: {value}");
            assert_eq!(second.is_valid(value), is_fine, "{name}: {value}");
        }
    }
}

#[test]
fn a_violation_says_when_its_rule_holds() {
    let expected = [
        (
            "4K with an image",
            "/parameters/size: anyOf: expected one of \"1K\", \"2K\"; or <width>x<height> or \
             <width>*<height> in pixels where images are given or enable_sequential is true, \
             found \"4K\"",
        ),
        (
            "five without a sequence",
            "/parameters/n: maximum: expected at most 4 unless enable_sequential is true, found 5",
        ),
        (
            "shares of 99.99 %",
            "/parameters/color_palette: x-sum: expected `ratio` to add up to 100.00%, not \
             99.99%, found",
        ),
        (
            "a palette in a sequence",
            "/parameters/color_palette: false: expected no such field where enable_sequential \
             is true, found",
        ),
        (
            "boxes for fewer than the images",
            "/parameters/bbox_list: x-same-length: expected as many items as \
             /input/messages/0/content has with `image`, 2 and not 1, found",
        ),
    ];
    for (about, text) in expected {
        let label = format!("dashscope/wan2.7-image-pro: {about}");
        let case = cases().into_iter().find(|it| it.label == label);
        let case = case.expect(about);
        let report = (case.operation.check_request)(&Node::from(&case.body));
        let said = report.violations()[0].to_string();
        assert!(said.starts_with(text), "{said}");
    }
}

#[test]
fn every_rule_is_kept_and_broken_somewhere() {
    let (fine, broken): (Vec<Case>, Vec<Case>) =
        cases().into_iter().partition(|it| it.violations.is_empty());
    assert!(fine.len() > 50, "{} bodies are fine", fine.len());
    let keywords: BTreeSet<String> = broken
        .into_iter()
        .flat_map(|it| it.violations)
        .map(|(_, keyword)| keyword)
        .collect();
    for keyword in [
        "anyOf",
        "false",
        "maximum",
        "x-same-length",
        "x-side",
        "x-sum",
    ] {
        assert!(keywords.contains(keyword), "nothing breaks {keyword}");
    }
}
