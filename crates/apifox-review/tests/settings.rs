//! What a project sets about lint's rules, and findings as other programs read them.

#![allow(clippy::expect_used, clippy::panic, missing_docs)]

use apifox_document::{Diagnostic, Severity, sources};
use apifox_review::Finding;
use apifox_review::lint::{Settings, formats, lint};
use serde_json::{Value, json};

const CAT: &str = r#"{"properties": {
  "n": {"minimum": 3, "maximum": 1},
  "m": {"type": "integer", "default": "2"}
}}"#;

fn found() -> Vec<Finding> {
    lint(&sources::read_text("schemas/cat.json", CAT).expect("a schema")).expect("findings")
}

fn settings(json: &Value) -> Settings {
    Settings::read("_lint.json", &json.to_string()).unwrap_or_else(|error| panic!("{error}"))
}

/// What is left of the findings: rule and severity.
fn left(settings: &Value) -> (Vec<(&'static str, Severity)>, Vec<String>) {
    let (left, unused) = self::settings(settings).apply("schemas/cat.json", found());
    let left = left.iter().map(|it| (it.rule, it.severity)).collect();
    (left, unused.into_iter().map(|it| it.message).collect())
}

const BOUNDS: &str = "minimum-above-maximum";
const DEFAULT: &str = "default-wrong-type";

#[test]
fn severities_are_set_and_findings_ignored() {
    let both = vec![(BOUNDS, Severity::Error), (DEFAULT, Severity::Warning)];
    assert_eq!(left(&json!({})), (both.clone(), vec![]));
    assert_eq!(
        left(&json!({"severities": {BOUNDS: "info", DEFAULT: "off"}})),
        (vec![(BOUNDS, Severity::Info)], vec![])
    );
    let ignore = |file: &str, at: &str| json!({"ignore": [{"rule": BOUNDS, "file": file, "at": at, "why": "It is known."}]});
    let other = vec![(DEFAULT, Severity::Warning)];
    for (file, at) in [
        ("cat.json", "/properties/n"),
        ("schemas/cat.json", "/properties/n/minimum"),
        ("cat.json", ""),
    ] {
        assert_eq!(
            left(&ignore(file, at)),
            (other.clone(), vec![]),
            "{file} {at}"
        );
    }
    // Of other documents nothing is said.
    assert_eq!(left(&ignore("at.json", "")), (both.clone(), vec![]));
    let message = "ignores minimum-above-maximum at \"/properties/m\" of schemas/cat.json, where \
                   there is none";
    let unused = left(&ignore("cat.json", "/properties/m"));
    assert_eq!(unused, (both, vec![message.to_owned()]));
}

#[test]
fn settings_that_mean_nothing_are_refused() {
    let ignore =
        |file: Value| json!({"ignore": [{"rule": BOUNDS, "at": "", "why": "y", "file": file}]});
    let cases = [
        (
            json!({"severities": {"a/b": "off"}}),
            "/severities/a~1b",
            "\"a/b\" is not a rule",
        ),
        (
            json!({"severities": {BOUNDS: "loud"}}),
            "/severities/minimum-above-maximum",
            "\"loud\" is not a severity",
        ),
        (
            json!({"severities": ["off"]}),
            "/severities",
            "severities is not an object",
        ),
        (
            json!({"ignore": [{"rule": BOUNDS, "at": ""}]}),
            "/ignore/0",
            "needs a rule, a place, and a reason",
        ),
        (
            json!({"ignore": ["off"]}),
            "/ignore/0",
            "needs a rule, a place, and a reason",
        ),
        (ignore(json!(1)), "/ignore/0/file", "file is not a text"),
        (
            json!({"ignore": {"rule": BOUNDS}}),
            "/ignore",
            "ignore is not a list",
        ),
        (
            json!({"ignored": []}),
            "/ignored",
            "ignored is not a setting",
        ),
        (json!([]), "", "the settings are not an object"),
        (json!(null), "", "the settings are not an object"),
    ];
    for (json, pointer, expected) in cases {
        let error = Settings::read("_lint.json", &json.to_string()).expect_err("settings");
        let Diagnostic {
            pointer: found,
            message,
            ..
        } = &error.0[0];
        assert_eq!((&**found, &**message), (pointer, expected), "{json}");
    }
}

#[test]
fn findings_are_written_for_code_scanning() {
    let sarif = formats::sarif(&found(), "inkstone");
    let result = &sarif["runs"][0]["results"][0];
    assert_eq!(result["ruleId"], BOUNDS);
    assert_eq!(result["level"], "error");
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "schemas/cat.json");
    assert_eq!(place["region"], json!({"startLine": 2, "startColumn": 20}));
    let rules = sarif["runs"][0]["tool"]["driver"]["rules"].as_array();
    let is_declared = |rule: &Value| rule["id"] == BOUNDS;
    assert!(rules.expect("rules").iter().any(is_declared));
}

#[test]
fn findings_are_written_for_a_workflow() {
    let lines = formats::github(&found());
    assert_eq!(
        lines,
        "::error file=schemas/cat.json,line=2,col=20,title=minimum-above-maximum::minimum 3 is \
         above maximum 1 at /properties/n/minimum: swap the two\n\
         ::warning file=schemas/cat.json,line=3,col=39,title=default-wrong-type::default \"2\" is \
         not of type \"integer\" at /properties/m/default: write 2\n"
    );
}

#[test]
fn the_same_is_shown_once() {
    let schema = json!({"properties": {"a": {"enum": []}, "b": {"enum": []}, "c": {"enum": []}}});
    let schema = sources::read_text("d.json", &schema.to_string()).expect("a schema");
    let findings = lint(&schema).expect("findings");
    assert_eq!(findings.len(), 3);
    let grouped = Finding::grouped(&findings);
    assert_eq!(grouped.len(), 1);
    let repeated = grouped[0].diagnostic.repeated().expect("two more");
    assert!(
        repeated.starts_with("3 places: also at d.json:1:"),
        "{repeated}"
    );
}

/// Where a rule is off that tells in its own words what a build does, the build's are told.
#[test]
fn what_a_build_skips_is_told_where_another_rule_is_off() {
    let document = json!({
        "openapi": "3.0.1", "info": {"title": "t", "version": "1"},
        "paths": {"/a": {"post": {
            "requestBody": {"content": {"application/json": {"schema": {
                "type": "object", "properties": {"n": {"type": "int"}},
            }}}},
            "responses": {"200": {"description": "ok"}},
        }}},
    });
    let document = sources::read_text("d.json", &document.to_string()).expect("a document");
    let told = |severity: &str| -> Vec<String> {
        let settings = json!({"severities": {"unknown-type": severity}}).to_string();
        let settings = Settings::read("_lint.json", &settings).expect("settings");
        let (left, _) = settings.apply("d.json", lint(&document).expect("findings"));
        let told = left.iter();
        told.map(|it| format!("{} {}", it.rule, it.diagnostic.named()))
            .collect()
    };
    assert_eq!(
        told("info"),
        ["unknown-type type: \"int\" is not a JSON type"]
    );
    assert_eq!(
        told("off"),
        ["skipped type: \"int\" is not a JSON type; it is read as \"integer\""]
    );
}
