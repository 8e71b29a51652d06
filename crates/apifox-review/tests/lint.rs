//! What `lint` finds, and whether what it suggests makes that go away.

#![allow(clippy::expect_used, clippy::panic, clippy::print_stdout, missing_docs)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use apifox_document::Severity;
use apifox_document::{Document, Style, sources};
use apifox_review::lint::formats::sarif;
use apifox_review::lint::{RULES, lint, lint_file, suggestion};
use apifox_review::{Effect, Finding, Role, diff};
use serde_json::{Value, json};
use test_data::files::below;

/// A small document for a rule, and all that is found in it.
struct Case {
    name: String,
    file: String,
    document: String,
    /// Rule, pointer and message of each finding.
    findings: Vec<[String; 3]>,
    /// The document once everything that was found is corrected.
    corrected: Option<Value>,
}

fn cases() -> Vec<Case> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lint/cases.json");
    let text = fs::read_to_string(path).expect("the cases");
    let cases: Vec<Value> = serde_json::from_str(&text).expect("JSON");
    let text = |it: &Value| it.as_str().expect("text").to_owned();
    cases
        .iter()
        .map(|case| Case {
            name: text(&case["name"]),
            file: case["file"].as_str().unwrap_or("case.json").to_owned(),
            document: match &case["document"] {
                Value::String(document) => document.clone(),
                document => document.to_string(),
            },
            findings: case["findings"]
                .as_array()
                .expect("findings")
                .iter()
                .map(|it| [text(&it[0]), text(&it[1]), text(&it[2])])
                .collect(),
            corrected: case.get("corrected").cloned(),
        })
        .collect()
}

fn document(file: &str, text: &str) -> Document {
    sources::read_text(file, text).unwrap_or_else(|problems| panic!("{problems}"))
}

fn found(document: &Document) -> Vec<Finding> {
    lint(document).unwrap_or_else(|problems| panic!("{problems}"))
}

#[test]
fn each_rule_finds_what_it_is_for_and_nothing_else() {
    let mut failed = Vec::new();
    for case in cases() {
        let triple = |it: Finding| {
            [
                it.rule.to_owned(),
                it.diagnostic.pointer,
                it.diagnostic.message,
            ]
        };
        let mut findings: Vec<_> = found(&document(&case.file, &case.document))
            .into_iter()
            .map(triple)
            .collect();
        let mut expected = case.findings;
        findings.sort();
        expected.sort();
        if findings != expected {
            failed.push(format!("{}: {findings:#?}", case.name));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

#[test]
fn a_finding_says_the_same_in_every_format() {
    for case in cases() {
        let findings = found(&document(&case.file, &case.document));
        let results = sarif(&findings, "x")["runs"][0]["results"].take();
        let results = results.as_array().expect("results").iter();
        for (finding, result) in findings.iter().zip(results) {
            let json = finding.json();
            let text = |it: &Value| it.as_str().expect("text").to_owned();
            let (message, remedy) = (text(&json["message"]), text(&json["remedy"]));
            assert_eq!(
                text(&result["message"]["text"]),
                format!("{message}: {remedy}")
            );
            assert!(
                finding.text(&Style::default()).contains(&message),
                "{message}"
            );
        }
    }
}

/// The text tells each thing once, with its places: they are as many as were found.
#[test]
fn what_is_shown_once_counts_for_all_that_was_found() {
    let mut documents: Vec<Document> = cases()
        .iter()
        .map(|case| document(&case.file, &case.document))
        .collect();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schemas");
    let mut paths = below(&root);
    paths.extend(test_data::find("documents").map_or_else(Vec::new, |all| below(&all)));
    paths.extend(test_data::find("cases").map_or_else(Vec::new, |all| below(&all)));
    documents.extend(
        paths
            .iter()
            .filter_map(|path| sources::read_file(path).ok()),
    );
    for document in documents {
        let Ok(findings) = lint(&document) else {
            continue;
        };
        let grouped = Finding::grouped(&findings);
        for severity in [Severity::Error, Severity::Warning, Severity::Info] {
            let of_it = |it: &&Finding| it.severity == severity;
            let places = grouped.iter().filter(of_it);
            let places: usize = places.map(|it| 1 + it.diagnostic.repeats.count).sum();
            let count = findings.iter().filter(of_it).count();
            assert_eq!(places, count, "{}: {severity:?}", document.file);
        }
        let whats = grouped.iter().map(|it| (it.rule, it.diagnostic.named()));
        let named = findings.iter().map(|it| (it.rule, it.diagnostic.named()));
        assert_eq!(
            whats.collect::<BTreeSet<_>>(),
            named.collect(),
            "{}",
            document.file
        );
    }
}

#[test]
fn a_finding_names_its_file_and_is_told_once_for_all_files() {
    let directory = tempfile::tempdir().expect("a directory");
    let write = |name: &str, text: &str| {
        let path = directory.path().join(name);
        fs::write(&path, text).expect("a file");
        path
    };
    let path = |id: &str| {
        format!(
            "{{get: {{operationId: {id}, parameters: [{{name: q, in: query, type: string, \
             example: x}}], responses: {{'200': {{description: ok}}}}}}}}"
        )
    };
    write("a.yaml", &path("a"));
    write("b.yaml", &path("b"));
    let api = format!(
        "swagger: '2.0'\ninfo: {{title: t, version: '1'}}\npaths:\n  /a: {{$ref: a.yaml}}\n  \
         /b: {{$ref: b.yaml}}\n  /c: {}\n",
        path("c")
    );
    let api = write("api.yaml", &api);
    let findings = lint_file(&api).expect("a document");
    let told = findings.iter().map(Finding::json).map(|it| {
        let file = it["file"].as_str().expect("a file");
        let name = Path::new(file).file_name().expect("a name");
        let pointer = it["pointer"].as_str().expect("a pointer");
        format!("{}#{pointer}", name.display())
    });
    let expected = [
        "a.yaml#/get/parameters/0/example",
        "api.yaml#/paths/~1c/get/parameters/0/example",
        "b.yaml#/get/parameters/0/example",
    ];
    assert_eq!(told.collect::<Vec<_>>(), expected);
    let grouped = Finding::grouped(&findings);
    assert_eq!(grouped.len(), 1);
    assert_eq!(grouped[0].diagnostic.repeats.count, 2);
}

#[test]
fn every_rule_has_a_case() {
    let shown: BTreeSet<String> = cases()
        .into_iter()
        .flat_map(|it| it.findings)
        .map(|[rule, ..]| rule)
        .collect();
    for rule in RULES {
        assert!(shown.contains(rule.name), "{} has no case", rule.name);
    }
}

#[test]
fn what_is_suggested_for_the_cases_is_what_was_meant() {
    for case in cases() {
        if let Some(expected) = case.corrected {
            let mut document = document(&case.file, &case.document);
            let operations = suggestion(&document).expect("a document");
            document
                .correct("case.bugs.patch.json", operations.into())
                .unwrap_or_else(|problems| panic!("{}: {problems}", case.name));
            assert_eq!(document.json, expected, "{}", case.name);
        }
    }
}

/// The rules that suggest no correction: only the vendor can know what is right.
const WITHOUT_PATCH: [&str; 12] = [
    "block-not-whole",
    "discriminator-property",
    "duplicate-operation-id",
    "incomplete-scheme",
    "not-supported",
    "same-method-and-path-twice",
    "server-variable",
    "skipped",
    // What it is meant to match, only its author knows.
    "slow-pattern",
    "unconfirmed-guess",
    "unknown-scope",
    "unused-model",
];

/// Whether what is found is no slip that a correction could put right: a list in place of a whole
/// document, or a pattern that is a regular expression, but too large.
fn is_no_slip(finding: &Finding) -> bool {
    let found = &finding.diagnostic;
    match finding.rule {
        "not-a-schema" => found.pointer.is_empty() && found.message.starts_with('['),
        "invalid-pattern" => found.message.contains("that can be compiled"),
        _ => false,
    }
}

/// That each suggestion alone, and all of them together, are corrections that can
/// be saved as they are, and make go away what they are for.
fn suggestions_hold(name: &str, document: &Document) {
    let findings = found(document);
    let of_rule =
        |findings: &[Finding], rule: &str| findings.iter().filter(|it| it.rule == rule).count();
    for finding in &findings {
        if finding.patch.is_empty() {
            let is_expected = WITHOUT_PATCH.contains(&finding.rule) || is_no_slip(finding);
            assert!(is_expected, "{name}: {finding:?}");
            continue;
        }
        let mut corrected = document.clone();
        corrected
            .correct("x.bugs.patch.json", finding.patch.clone().into())
            .unwrap_or_else(|problems| panic!("{name}: {finding:?}: {problems}"));
        let after = found(&corrected);
        // Others of its rule may come to light, or move to its place.
        let is_same = |it: &Finding| {
            let (it, of) = (&it.diagnostic, &finding.diagnostic);
            (&it.pointer, &it.message) == (&of.pointer, &of.message)
        };
        let is_there = after
            .iter()
            .any(|it| it.rule == finding.rule && is_same(it));
        assert!(
            !is_there || of_rule(&after, finding.rule) < of_rule(&findings, finding.rule),
            "{name}: stays after its own correction: {finding:#?}"
        );
    }
    let operations = suggestion(document).expect("a document");
    let mut corrected = document.clone();
    corrected
        .correct("x.bugs.patch.json", operations.into())
        .unwrap_or_else(|problems| panic!("{name}: {problems}"));
    let left = found(&corrected);
    let left = left
        .iter()
        .find(|it| it.severity != Severity::Info && !it.patch.is_empty());
    assert!(
        left.is_none(),
        "{name}: is left after all corrections: {left:#?}"
    );
}

/// That all corrections together bring no error and no warning that was not there before.
fn suggestions_bring_nothing_new(name: &str, document: &Document) {
    let told = |document: &Document| -> Vec<String> {
        let mut findings = found(document);
        findings.retain(|it| it.severity != Severity::Info);
        let line = |it: &Finding| {
            format!(
                "{} {}: {}",
                it.rule, it.diagnostic.pointer, it.diagnostic.message
            )
        };
        findings.iter().map(line).collect()
    };
    let before = told(document);
    let operations = suggestion(document).expect("a document");
    let mut corrected = document.clone();
    corrected
        .correct("x.bugs.patch.json", operations.into())
        .unwrap_or_else(|problems| panic!("{name}: {problems}"));
    let mut after = told(&corrected);
    after.retain(|it| !before.contains(it));
    assert!(
        after.is_empty(),
        "{name}: comes with the corrections: {after:#?}"
    );
}

#[test]
fn suggestions_make_the_findings_of_the_cases_go_away() {
    for case in cases() {
        let document = document(&case.file, &case.document);
        suggestions_hold(&case.name, &document);
        suggestions_bring_nothing_new(&case.name, &document);
    }
}

/// A correction changes what it is for: whatever `diff` says of it is at a place that it touches.
#[test]
fn a_correction_changes_nothing_else() {
    let is_within = |place: &str, around: &str| {
        let rest = place.strip_prefix(around);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let mut wrong = Vec::new();
    for case in cases() {
        let document = document(&case.file, &case.document);
        let findings = found(&document).into_iter();
        for finding in findings.filter(|it| !it.patch.is_empty()) {
            let paths = finding.patch.iter();
            let paths: Vec<&str> = paths.filter_map(|it| it["path"].as_str()).collect();
            let mut corrected = document.clone();
            corrected
                .correct("x.bugs.patch.json", finding.patch.clone().into())
                .unwrap_or_else(|problems| panic!("{}: {problems}", case.name));
            let Ok(diff) = diff(&document, &corrected, Role::Both) else {
                continue;
            };
            let told = diff.changes.iter();
            for change in told.filter(|it| it.effect() != Effect::Neutral) {
                let places = change.old.iter().chain(&change.new);
                let is_its = |place: &String| {
                    let mut paths = paths.iter();
                    paths.any(|path| is_within(place, path) || is_within(path, place))
                };
                if !places.clone().any(is_its) {
                    wrong.push(format!("{} {paths:?}: {change:?}", case.name));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// How often each rule finds an error or a warning in documents by others, all of which were
/// looked at: `alarms.json` says why they are true. A rule that finds more or fewer has to be
/// looked at again.
#[test]
fn every_alarm_in_genuine_documents_is_accounted_for() {
    let mut documents = genuine();
    documents.extend(test_data::find("cases").map_or_else(Vec::new, |cases| below(&cases)));
    if documents.is_empty() {
        return;
    }
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for path in documents {
        let Ok(document) = sources::read_file(&path) else {
            continue;
        };
        // Requests and replies beside the cases are no documents.
        let is_schema = |it: &Value| it.get("type").or(it.get("properties")).is_some();
        if !document.form().has_operations() && !is_schema(&document.json) {
            continue;
        }
        for finding in lint(&document).into_iter().flatten() {
            if finding.severity != Severity::Info {
                // Told where the counts differ.
                println!("{}: {}", finding.rule, finding.diagnostic.line());
                *counts.entry(finding.rule).or_default() += 1;
            }
        }
    }
    let ledger: BTreeMap<String, Value> =
        serde_json::from_str(include_str!("lint/alarms.json")).expect("JSON");
    let explained: BTreeMap<&str, u64> = ledger
        .iter()
        .filter(|(_, row)| row["why"].as_str().is_some_and(|why| !why.is_empty()))
        .map(|(rule, row)| (rule.as_str(), row["count"].as_u64().unwrap_or_default()))
        .collect();
    assert_eq!(counts, explained);
}

#[test]
fn suggestions_make_the_findings_of_the_projects_documents_go_away() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schemas");
    let (sources, problems) = sources::read(&root);
    assert!(problems.0.is_empty(), "{problems}");
    for document in &sources.documents {
        suggestions_hold(&document.file, document);
        suggestions_bring_nothing_new(&document.file, document);
    }
}

/// Documents by others, which are not part of the project; none where they are missing.
/// Each is looked at once a finding, which takes minutes where a document is large.
fn genuine() -> Vec<PathBuf> {
    const LARGEST: u64 = 100 << 10;
    let is_small = |path: &PathBuf| path.metadata().is_ok_and(|data| data.len() <= LARGEST);
    test_data::find("documents").map_or_else(Vec::new, |directory| {
        below(&directory).into_iter().filter(is_small).collect()
    })
}

#[test]
fn suggestions_make_the_findings_of_genuine_documents_go_away() {
    for path in genuine() {
        let text = fs::read_to_string(&path).expect("text");
        if let Ok(document) = sources::read_text(&path.display().to_string(), &text) {
            suggestions_hold(&document.file.clone(), &document);
            suggestions_bring_nothing_new(&document.file, &document);
        }
    }
}

/// What contradicts itself in the documents of the gateway as they were published.
#[test]
fn the_contradictions_of_the_gateways_documents_are_found() {
    const OF_REQUEST: &str = "/requestBody/jsonSchema/properties/model/const";
    let expected: [(&str, &[(&str, &str)]); 4] = [
        (
            "qwen-image-2.0-2026-03-03",
            &[
                ("const-against-enum", OF_REQUEST),
                ("const-not-in-examples", OF_REQUEST),
                ("example-fails-schema", "/requestBody/examples/0/value"),
                ("example-fails-schema", "/requestBody/examples/1/value"),
                ("example-fails-schema", "/requestBody/examples/2/value"),
                ("example-fails-schema", "/requestBody/examples/3/value"),
                (
                    "empty-response-schema-with-examples",
                    "/responses/0/jsonSchema",
                ),
                ("error-example-under-success", "/responseExamples/0"),
            ],
        ),
        ("qwen-image-max", &[]),
        (
            "wan2.7-image-pro",
            &[
                (
                    "closed-response",
                    "/responses/0/jsonSchema/additionalProperties",
                ),
                (
                    "closed-response",
                    "/responses/0/jsonSchema/$defs/imageData/additionalProperties",
                ),
                ("examples-wrapper", "/responses/0/jsonSchema/examples"),
                ("error-example-under-success", "/responseExamples/0"),
            ],
        ),
        (
            "qwen-image-edit-2509",
            &[
                (
                    "optional-body-with-required-fields",
                    "/requestBody/required",
                ),
                ("example-fails-schema", "/responseExamples/0/data"),
            ],
        ),
    ];
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schemas/gateway");
    for (name, expected) in expected {
        let file = format!("{name}.json");
        let text = fs::read_to_string(directory.join(&file)).expect("a document");
        let findings = found(&document(&file, &text));
        let findings: Vec<_> = findings
            .iter()
            .map(|it| (it.rule, it.diagnostic.pointer.as_str()))
            .collect();
        assert_eq!(findings, expected, "{name}");
    }
}

/// What the generator warns of has a finding at its place, or within it.
#[test]
fn what_the_generator_passes_over_is_found() {
    let documents = genuine();
    let mut unfound = Vec::new();
    for path in &documents {
        let text = fs::read_to_string(path).expect("text");
        let file = path.file_name().expect("a name").display().to_string();
        let Ok(code) = apifox_build::rust_text(&file, &text, "Root") else {
            continue;
        };
        let findings = found(&document(&file, &text));
        for warning in code.warnings {
            let is_it = |it: &Finding| it.diagnostic.pointer.starts_with(&warning.pointer);
            if !findings.iter().any(is_it) {
                unfound.push([file.clone(), warning.pointer]);
            }
        }
    }
    assert!(unfound.is_empty(), "{unfound:#?}");
}

#[test]
fn the_rules_are_documented() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/lint.md");
    let text = fs::read_to_string(path).expect("the documentation");
    // Rows of three cells: those of formats have two.
    let is_rule = |line: &&str| line.starts_with("| `") && line.matches(" | ").count() == 2;
    let table: Vec<&str> = text.lines().filter(is_rule).collect();
    let row = |it: &apifox_review::lint::Rule| {
        format!(
            "| `{}` | {} | {} |",
            it.name,
            it.severity.name(),
            it.summary
        )
    };
    let expected: Vec<String> = RULES.iter().map(row).collect();
    assert_eq!(table, expected);
}

#[test]
fn findings_are_located_and_told_with_their_rule() {
    let text =
        "{\n  \"properties\": {\n    \"图\": {\"type\": \"integer\", \"default\": \"1\"}\n  }\n}\n";
    let findings = found(&document("cat.json", text));
    let told: Vec<String> = findings
        .iter()
        .map(|it| it.text(&Style::default()))
        .collect();
    assert_eq!(
        told,
        ["\
warning: default \"1\" is not of type \"integer\" [default-wrong-type]
 --> cat.json:3:41
  |
3 |     \"图\": {\"type\": \"integer\", \"default\": \"1\"}
  |                                          ^^^
  |
  = at: /properties/图/default
  = help: write 1"]
    );
}

/// The places of a value and of all that is in it.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                let name = name.replace('~', "~0").replace('/', "~1");
                places(value, &format!("{at}/{name}"), found);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                places(value, &format!("{at}/{index}"), found);
            }
        }
        _ => {}
    }
}

/// Puts something else in a place: another part of the document, or what is no part
/// of any.
fn mutate(json: &mut Value, (place, other, kind): (usize, usize, usize)) {
    let mut all = Vec::new();
    places(json, "", &mut all);
    let others = [
        Value::Null,
        "".into(),
        5.into(),
        (-1.5).into(),
        true.into(),
        serde_json::json!([]),
        serde_json::json!({}),
        serde_json::json!({"name": "n", "value": 1}),
        serde_json::json!(["x", "x", 1]),
        "#/definitions/9".into(),
    ];
    let new = match others.get(kind) {
        Some(new) => new.clone(),
        None => json
            .pointer(&all[other % all.len()])
            .cloned()
            .unwrap_or_default(),
    };
    if let Some(there) = json.pointer_mut(&all[place % all.len()]) {
        *there = new;
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig {
        cases: 300,
        failure_persistence: None,
        ..Default::default()
    })]

    /// The cases with parts swapped: nothing panics, and what is suggested holds.
    #[test]
    fn suggestions_hold_on_whatever_is_read(
        which in 0..1000_usize,
        changes in proptest::collection::vec((0..1000_usize, 0..1000_usize, 0..20_usize), 1..4),
    ) {
        let cases = cases();
        let case = &cases[which % cases.len()];
        let mut json = document(&case.file, &case.document).json;
        changes.into_iter().for_each(|it| mutate(&mut json, it));
        if let Ok(document) = sources::read_text("case.json", &json.to_string())
            && lint(&document).is_ok()
        {
            suggestions_hold(&json.to_string(), &document);
        }
    }
}

/// A document with long lists in all the places that rules compare the items of.
fn long_lists(length: usize) -> Document {
    let numbers: Vec<Value> = (0..length).map(Value::from).collect();
    let texts: Vec<String> = (0..length).map(|number| number.to_string()).collect();
    let described: Vec<Value> = (1..=length)
        .map(|number| json!({"value": number}))
        .collect();
    let properties: serde_json::Map<String, Value> = texts
        .iter()
        .skip(1)
        .map(|name| (name.clone(), json!({})))
        .collect();
    let twice = [&texts[..], &texts].concat();
    let again = [&numbers[..], &numbers].concat();
    let surplus = "[1,],".repeat(length);
    let document = json!({
        "name": "m", "method": "POST", "path": "/m",
        "requestBody": {
            "type": "application/json",
            "jsonSchema": {"type": "object", "properties": {
                "a": {"enum": numbers, "x-apifox-enum": described, "const": -1, "default": -1},
                "b": {"type": "string", "enum": numbers},
                "c": {"type": "object", "properties": properties, "required": texts},
                "d": {"type": "object", "required": twice},
                "e": {"enum": again},
            }},
            "examples": [{"name": "e", "value": format!("[{surplus}]")}],
        },
        "responses": [],
    });
    self::document("long.json", &document.to_string())
}

#[test]
fn lists_four_times_as_long_take_about_four_times_as_long() {
    let expected = [
        "const-against-enum",
        "default-outside-enum",
        "described-value-outside-enum",
        "enum-duplicates",
        "enum-wrong-type",
        "example-not-json",
        "required-twice",
        "required-undeclared",
    ];
    test_data::time::grows_with_its_input(2_000, long_lists, |document| {
        let rules: BTreeSet<_> = found(document).iter().map(|it| it.rule).collect();
        assert_eq!(rules, expected.into());
    });
}
