//! The witness: what `jsonschema` says of a schema, where the suite is given no other.

use serde_json::Value;

use crate::{formats, patterns};

/// Compiles a schema of which these formats are asserted, and no others.
///
/// # Errors
///
/// That it is no schema.
pub(crate) fn compile(schema: &Value, names: &[String]) -> Result<jsonschema::Validator, String> {
    let names = names.to_owned();
    let options = jsonschema::options()
        .offline()
        .should_validate_formats(false)
        .with_keyword("format", move |_, value, _| formats::keyword(&names, value));
    // Such as `[\w- ]`, which is none of Rust's.
    let with_any_pattern = |_| {
        let options = options.clone();
        let options = options.with_keyword("pattern", |_, rule, _| patterns::keyword(rule));
        options.build(schema)
    };
    let built = options.build(schema).or_else(with_any_pattern);
    built.map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::compile;

    #[test]
    fn formats_that_are_named_are_asserted_and_no_others() {
        let cases = [
            (
                "uuid",
                json!("123e4567-e89b-12d3-a456-426614174000"),
                json!("123e4567"),
            ),
            ("date", json!("2024-02-29"), json!("2023-02-29")),
            ("int8", json!(-128), json!(128)),
            ("int32", json!(2.0), json!(2.5)),
            ("uint64", json!(u64::MAX), json!(-1)),
            ("float", json!(3.0e38), json!(3.5e38)),
            ("byte", json!("bWltaQ=="), json!("bWltaR==")),
        ];
        for (name, valid, invalid) in cases {
            let schema = json!({"format": name});
            let asserted = compile(&schema, &[name.to_owned()]).expect("a schema");
            let ignored = compile(&schema, &["time".to_owned()]).expect("a schema");
            assert!(asserted.is_valid(&valid), "{name}: {valid}");
            assert!(!asserted.is_valid(&invalid), "{name}: {invalid}");
            assert!(ignored.is_valid(&invalid), "{name}: {invalid}");
            assert!(asserted.is_valid(&json!([])), "{name}");
        }
        assert!(compile(&json!({"format": "uuuid"}), &["uuuid".to_owned()]).is_err());
    }

    #[test]
    fn a_pattern_that_jsonschema_does_not_compile_is_matched_all_the_same() {
        for (pattern, valid, invalid) in [(r"^[\w- ]+$", "a-b c", "a+b"), (r"^\.{$", ".{", "..")] {
            let schema = json!({"properties": {"a": {"pattern": pattern}}});
            assert!(jsonschema::validator_for(&schema).is_err(), "{pattern}");
            let judged = compile(&schema, &[]).expect("a schema");
            assert!(judged.is_valid(&json!({"a": valid})), "{pattern}");
            assert!(!judged.is_valid(&json!({"a": invalid})), "{pattern}");
            assert!(judged.is_valid(&json!({"a": 1})), "{pattern}");
        }
        let error = compile(&json!({"pattern": "("}), &[]).expect_err("no pattern");
        assert_eq!(error, "it is no regular expression of ECMA-262");
    }
}
