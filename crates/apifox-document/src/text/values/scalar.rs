//! The JSON value of a YAML scalar, by the core schema of YAML 1.2.2 (10.3).

use std::borrow::Cow;

use saphyr_parser::{ScalarStyle, Tag};
use serde_json::{Number, Value};

/// The JSON of a scalar in this style, with its tag.
pub(super) fn scalar(text: Cow<'_, str>, style: ScalarStyle, tag: Option<&Tag>) -> Value {
    let is_text = tag.is_some_and(|tag| tag.is_yaml_core_schema() && tag.suffix == "str");
    let other = match style {
        ScalarStyle::Plain if !is_text => not_text(&text),
        _ => None,
    };
    other.unwrap_or_else(|| text.into())
}

/// The value of a plain scalar that is not a text.
fn not_text(text: &str) -> Option<Value> {
    Some(match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => true.into(),
        "false" | "False" | "FALSE" => false.into(),
        // JSON has neither infinity nor NaN.
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" | "-.inf" | "-.Inf" | "-.INF"
        | ".nan" | ".NaN" | ".NAN" => Value::Null,
        _ => number(text)?.into(),
    })
}

fn number(text: &str) -> Option<Number> {
    // Most scalars are words, of which the first letter tells.
    if !text.starts_with(|c: char| "+-.".contains(c) || c.is_ascii_digit()) {
        return None;
    }
    // Read as JSON first, so that a number of more than 64 bits keeps its digits.
    if let Ok(number) = serde_json::from_str(text) {
        return Some(number);
    }
    // Hexadecimal and octal numbers have no sign in YAML.
    let radix = |prefix, radix| {
        let digits: &str = text.strip_prefix(prefix)?;
        let digits = Some(digits).filter(|digits| digits.chars().all(|c| c.is_digit(radix)));
        u64::from_str_radix(digits?, radix).ok()
    };
    if let Some(number) = radix("0x", 16).or_else(|| radix("0o", 8)) {
        return Some(number.into());
    }
    let is_decimal = |c: char| c.is_ascii_digit() || "+-.eE".contains(c);
    let decimal = Some(text).filter(|text| text.chars().all(is_decimal))?;
    match decimal.parse::<i64>() {
        Ok(whole) => Some(whole.into()),
        Err(_) => decimal.parse().ok().and_then(Number::from_f64),
    }
}

#[cfg(test)]
mod tests {
    use saphyr_parser::{ScalarStyle, Tag};
    use serde_json::{Value, json};

    use super::scalar;

    #[test]
    fn plain_scalars_are_what_the_core_schema_says() {
        let cases = [
            ("", json!(null)),
            ("~", json!(null)),
            ("NULL", json!(null)),
            ("nULL", json!("nULL")),
            ("True", json!(true)),
            ("yes", json!("yes")),
            ("0", json!(0)),
            ("-0", json!(-0.0)),
            ("+12", json!(12)),
            ("007", json!(7)),
            ("-007", json!(-7)),
            ("0o17", json!(15)),
            ("0x1F", json!(31)),
            ("0xffffffffffffffff", json!(u64::MAX)),
            ("0x10000000000000000", json!("0x10000000000000000")),
            ("0x+1", json!("0x+1")),
            ("-0x1F", json!("-0x1F")),
            ("0b1", json!("0b1")),
            ("18446744073709551615", json!(u64::MAX)),
            ("1.", json!(1.0)),
            (".5", json!(0.5)),
            ("+.5e3", json!(500.0)),
            ("1.e-1", json!(0.1)),
            ("1e3", json!(1000.0)),
            (".", json!(".")),
            ("+", json!("+")),
            ("e5", json!("e5")),
            (".e5", json!(".e5")),
            ("1-2", json!("1-2")),
            ("1_000", json!("1_000")),
            ("1.2.3", json!("1.2.3")),
            ("2024-01-01", json!("2024-01-01")),
            (".inf", json!(null)),
            ("-.INF", json!(null)),
            (".nan", json!(null)),
            ("inf", json!("inf")),
            ("nan", json!("nan")),
            ("infinity", json!("infinity")),
            ("1 ", json!(1)),
        ];
        for (text, expected) in cases {
            assert_eq!(
                scalar(text.into(), ScalarStyle::Plain, None),
                expected,
                "{text:?}"
            );
        }
    }

    #[test]
    fn quotes_and_the_tag_of_strings_make_a_string() {
        let tag = |handle: &str, suffix: &str| Tag {
            handle: handle.to_owned(),
            suffix: suffix.to_owned(),
        };
        let core = "tag:yaml.org,2002:";
        let cases = [
            (ScalarStyle::SingleQuoted, None, json!("12")),
            (
                ScalarStyle::DoubleQuoted,
                Some(tag(core, "int")),
                json!("12"),
            ),
            (ScalarStyle::Literal, None, json!("12")),
            (ScalarStyle::Plain, Some(tag(core, "str")), json!("12")),
            (ScalarStyle::Plain, Some(tag(core, "int")), json!(12)),
            (ScalarStyle::Plain, Some(tag("!", "str")), json!(12)),
        ];
        for (style, tag, expected) in cases {
            let value: Value = scalar("12".into(), style, tag.as_ref());
            assert_eq!(value, expected, "{style:?} {tag:?}");
        }
    }
}
