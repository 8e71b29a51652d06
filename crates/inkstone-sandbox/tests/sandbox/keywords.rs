//! Our own keywords, and how other keywords are treated.

use inkstone_sandbox::validator;
use serde_json::{Value, json};

fn check(schema: &Value, cases: &[(&str, bool)]) {
    let validator = validator(schema).unwrap();
    for (text, expected) in cases {
        assert_eq!(validator.is_valid(&json!(text)), *expected, "{text:?}");
        assert_eq!(
            validator.validate(&json!(text)).is_ok(),
            *expected,
            "{text:?}"
        );
    }
}

/// Strings that are not a size, whatever the bounds.
const NO_SIZES: [&str; 24] = [
    "", "x", "*", "1", "1x", "x1", "1×2", "01x2", "1x02", "0x1", "1x0", " 1x2", "1x2 ", "1 x2",
    "+1x2", "1x-2", "1x2x3", "1*2x3", "1X2", "1xx2", "1.0x2", "1e3x2", "1x2\n", "١x٢",
];

#[test]
fn strings_that_are_not_sizes_break_the_keywords() {
    let cases = NO_SIZES.map(|text| (text, false));
    check(&json!({"x-area": {}}), &cases);
    check(&json!({"x-aspect-ratio": {}}), &cases);
}

#[test]
fn other_values_than_strings_pass() {
    let schema = json!({
        "x-area": {"minimum": 1, "maximum": 1},
        "x-aspect-ratio": {"minimum": "1:1", "maximum": "1:1"},
    });
    let validator = validator(&schema).unwrap();
    for value in [
        json!(null),
        json!(5),
        json!(true),
        json!(["2x1"]),
        json!({"a": "2x1"}),
    ] {
        assert!(validator.is_valid(&value), "{value}");
    }
}

#[test]
fn areas_are_compared_exactly() {
    let cases = [
        ("768x768", true),
        ("768*768", true),
        ("767x769", false),
        ("589823x1", false),
        ("589824x1", true),
        ("4096x4096", true),
        ("16777216*1", true),
        ("16777217x1", false),
        ("4097x4096", false),
        ("4294967296x4294967296", false),
        ("18446744073709551615x18446744073709551615", false),
        ("18446744073709551616x1", false),
        ("123456789012345678901234567890x1", false),
        ("1x123456789012345678901234567890", false),
    ];
    check(
        &json!({"x-area": {"minimum": 589_824, "maximum": 16_777_216}}),
        &cases,
    );
    let cases = [
        ("18446744073709551615x1", true),
        ("18446744073709551616x1", false),
        ("6148914691236517205x3", true),
        ("6148914691236517206x3", false),
    ];
    check(&json!({"x-area": {"maximum": u64::MAX}}), &cases);
    let cases = [
        ("123456789012345678901234567890x1", true),
        ("18446744073709551614x1", false),
    ];
    check(&json!({"x-area": {"minimum": u64::MAX}}), &cases);
}

#[test]
fn aspect_ratios_are_compared_exactly() {
    let cases = [
        ("8x1", true),
        ("1*8", true),
        ("1x9", false),
        ("8001x1000", false),
        ("8000x1000", true),
        ("1000x8001", false),
        ("1000x7999", true),
        (
            "800000000000000000000000000000x100000000000000000000000000000",
            true,
        ),
        (
            "800000000000000000000000000001x100000000000000000000000000000",
            false,
        ),
        (
            "100000000000000000000000000000x800000000000000000000000000000",
            true,
        ),
        (
            "100000000000000000000000000000x800000000000000000000000000001",
            false,
        ),
        ("1x123456789012345678901234567890", false),
    ];
    check(
        &json!({"x-aspect-ratio": {"minimum": "1:8", "maximum": "8:1"}}),
        &cases,
    );
    let cases = [("9999x10000", false), ("1x1", true), ("123456789x1", true)];
    check(&json!({"x-aspect-ratio": {"minimum": "1:1"}}), &cases);
    let cases = [("16x9", true), ("1920x1080", true), ("1921x1080", false)];
    check(&json!({"x-aspect-ratio": {"maximum": "16:9"}}), &cases);
}

#[test]
fn each_side_is_compared_exactly() {
    check(&json!({"x-side": {}}), &NO_SIZES.map(|text| (text, false)));
    let cases = [
        ("512x512", true),
        ("2048*2048", true),
        ("511x512", false),
        ("512x511", false),
        ("2049x2048", false),
        ("2048x2049", false),
        ("18446744073709551616x512", false),
    ];
    check(
        &json!({"x-side": {"minimum": 512, "maximum": 2048}}),
        &cases,
    );
    let cases = [("512x18446744073709551616", true), ("511x512", false)];
    check(&json!({"x-side": {"minimum": 512}}), &cases);
}

#[test]
fn sums_are_exact() {
    let rule = json!({"x-sum": {"of": "share", "equals": "100.00%"}});
    let validator = validator(&rule).unwrap();
    let cases: [(&[&str], bool); 12] = [
        (&["33.33%", "33.33%", "33.34%"], true),
        (&["33.33%", "33.33%", "33.33%"], false),
        (&["0.1%", "0.2%", "99.7%"], true),
        (&["99.999999999999999999%", "0.000000000000000001%"], true),
        (&["99.999999999999999999%", "0.000000000000000002%"], false),
        (&["100%"], true),
        (&["0100.0%"], true),
        (&[], false),
        // Malformed amounts have no sum.
        (&["100"], true),
        (&["5.%"], true),
        (&["-5%"], true),
        (&["0.0000000000000000001%"], true),
    ];
    for (shares, expected) in cases {
        let items: Value = shares.iter().map(|share| json!({"share": share})).collect();
        assert_eq!(validator.is_valid(&items), expected, "{items}");
    }
    for other in [json!(null), json!({"share": "5%"}), json!([5]), json!([{}])] {
        assert!(validator.is_valid(&other), "{other}");
    }
}

#[test]
fn lengths_are_compared_where_both_arrays_are_there() {
    let rule = json!({"x-same-length": {"array": "/a", "as": "/b/0", "counting": "c"}});
    let validator = validator(&rule).unwrap();
    let cases = [
        (
            json!({"a": [1, 2], "b": [[{"c": 1}, 5, {"c": null}]]}),
            true,
        ),
        (json!({"a": [1], "b": [[{"c": 1}, 5, {"c": null}]]}), false),
        (json!({"a": [], "b": [[{"d": 1}]]}), true),
        (json!({"a": [1], "b": []}), true),
        (json!({"b": [[{"c": 1}]]}), true),
        (json!({"a": 5, "b": [[{"c": 1}]]}), true),
        (json!(5), true),
    ];
    for (value, expected) in cases {
        assert_eq!(validator.is_valid(&value), expected, "{value}");
    }
}

#[test]
fn patterns_are_those_of_ecma_262() {
    let cases = [("a-b c", true), ("a+b", false), ("", false)];
    check(&json!({"pattern": r"^[\w- ]+$"}), &cases);
    check(&json!({"pattern": r"^.{$"}), &[("a{", true), ("a", false)]);
    assert!(
        validator(&json!({"pattern": "{"}))
            .unwrap()
            .is_valid(&json!(5))
    );
    let error = validator(&json!({"properties": {"a": {"pattern": "("}}})).unwrap_err();
    assert_eq!(
        error,
        "/properties/a/pattern: it is no regular expression of ECMA-262"
    );
}

#[test]
fn other_x_keywords_and_formats_are_annotations() {
    let schema = json!({
        "format": "uri",
        "x-apifox-orders": ["b", "a"],
        "x-apifox-enum": [{"value": "only"}],
        "x-empty-means-absent": true,
        "x-truncated-length": 1,
        "x-warning": "it is in vain",
        "x-else": "?",
    });
    check(&schema, &[("no uri, no enum", true), ("", true)]);
}

#[test]
fn the_draft_is_2020_12_unless_the_schema_says_otherwise() {
    let tuple = json!({"prefixItems": [{"type": "string"}]});
    assert!(!validator(&tuple).unwrap().is_valid(&json!([1])));
    let old = json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "prefixItems": [{"type": "string"}],
    });
    assert!(validator(&old).unwrap().is_valid(&json!([1])));
}

#[test]
fn a_schema_that_does_not_compile_is_refused_with_its_place() {
    let whole = r#"write whole numbers, as in {"minimum": 1, "maximum": 100}"#;
    let ratios = r#"write ratios, as in {"minimum": "1:8", "maximum": "8:1"}"#;
    let cases = [
        (json!({"x-area": 5}), format!("/x-area: {whole}")),
        (
            json!({"x-area": {"minimum": -1}}),
            format!("/x-area: {whole}"),
        ),
        (json!({"x-area": {"least": 1}}), format!("/x-area: {whole}")),
        (
            json!({"properties": {"size": {"x-aspect-ratio": {"minimum": "1:0"}}}}),
            format!("/properties/size/x-aspect-ratio: {ratios}"),
        ),
        (
            json!({"x-aspect-ratio": {"minimum": 1}}),
            format!("/x-aspect-ratio: {ratios}"),
        ),
        (
            json!({"x-side": {"least": 1}}),
            r#"/x-side: write whole numbers, as in {"minimum": 512, "maximum": 2048}"#.into(),
        ),
        (
            json!({"items": {"x-sum": {"of": "a", "equals": "%"}}}),
            r#"/items/x-sum: write a member and a sum, as in {"of": "ratio", "equals": "100.00%"}"#
                .into(),
        ),
        (
            json!({"x-same-length": {"array": "a", "as": "/b"}}),
            r#"/x-same-length: write two JSON pointers, as in {"array": "/a", "as": "/b", "counting": "name"}"#
                .into(),
        ),
        (
            json!({"properties": {"n": {"minimum": "1"}}}),
            "/properties/n/minimum: \"1\" is not of type \"number\"".into(),
        ),
    ];
    for (schema, expected) in cases {
        assert_eq!(validator(&schema).err(), Some(expected), "{schema}");
    }
}

#[test]
fn a_schema_never_fetches_another() {
    let schema = json!({"$ref": "http://127.0.0.1:1/schema.json"});
    assert!(validator(&schema).is_err());
}

#[test]
fn formats_are_asserted_by_our_own_keyword_alone() {
    check(&json!({"format": "date"}), &[("yesterday", true)]);
    let date = [
        ("2024-02-29", true),
        ("2023-02-29", false),
        ("yesterday", false),
    ];
    check(&json!({"x-format": "date"}), &date);
    let base64 = [
        ("", true),
        ("bWltaQ==", true),
        ("bWltaR==", false),
        ("bWltaQ=", false),
        ("bWltaQ", false),
        ("b*ltaQ==", false),
        ("A===", false),
    ];
    check(&json!({"x-format": "byte"}), &base64);
    assert!(
        validator(&json!({"x-format": "date"}))
            .unwrap()
            .is_valid(&json!(1))
    );
    assert_eq!(
        validator(&json!({"x-format": "colour"})).unwrap_err(),
        "/x-format: name a format of strings, such as date-time"
    );
}
