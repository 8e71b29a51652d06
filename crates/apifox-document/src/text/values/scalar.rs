//! The JSON value of a YAML scalar, by the core schema of YAML 1.2.2 (10.3).

use std::borrow::Cow;

use saphyr_parser::{ScalarStyle, Tag};
use serde_json::{Number, Value};

use crate::diagnostics::cut;

/// Why JSON has no value for a scalar, or a collection.
pub(super) type Reason = Cow<'static, str>;

/// What the tags of the core schema start with; `!!` stands for it.
const CORE: &str = "tag:yaml.org,2002:";

/// The JSON of a scalar in this style, with its tag.
///
/// # Errors
///
/// That JSON has no such value, or that the tag does not fit the text.
pub(super) fn scalar(
    text: Cow<'_, str>,
    style: ScalarStyle,
    tag: Option<&Tag>,
) -> Result<Value, Reason> {
    let other = match (tag.and_then(kind), style) {
        (Some(kind), _) => tagged(&text, kind)?,
        (None, ScalarStyle::Plain) => not_text(&text)?,
        (None, _) => None,
    };
    Ok(other.unwrap_or_else(|| text.into()))
}

/// Checks that the tag of a collection, of the kind `own`, is not that of something else.
///
/// # Errors
///
/// That it is.
pub(super) fn check_collection(tag: Option<&Tag>, own: &str) -> Result<(), Reason> {
    const KINDS: [&str; 7] = ["str", "int", "float", "bool", "null", "seq", "map"];
    let kind = tag.and_then(kind).unwrap_or_default();
    match kind != own && KINDS.contains(&kind) {
        true => Err(format!("it has the tag !!{kind}, and is not that").into()),
        false => Ok(()),
    }
}

/// The kind of value that a tag of YAML states: `int` for `!!int`. The tag `!` alone states a
/// string. Tags of applications say nothing that JSON could.
fn kind(tag: &Tag) -> Option<&str> {
    match (tag.handle.as_str(), tag.suffix.as_str()) {
        (CORE, kind) => Some(kind),
        ("", "!") | ("!", "") => Some("str"),
        ("", verbatim) => verbatim.strip_prefix(CORE),
        _ => None,
    }
}

/// The value of a scalar that is said to be of this kind; `None` for a text.
fn tagged(text: &str, kind: &str) -> Result<Option<Value>, Reason> {
    let value = match kind {
        "int" => number(text)?.filter(|_| !text.contains('.') && is_whole(text)),
        "float" => number(text)?.filter(|_| !text.starts_with("0x") && !text.starts_with("0o")),
        "bool" | "null" => {
            let value = word(text).filter(|value| value.is_boolean() == (kind == "bool"));
            return value.map(Some).ok_or_else(|| misfit(text, kind));
        }
        "seq" | "map" | "set" | "omap" | "pairs" => None,
        // Texts, also those of binary data and of points in time.
        _ => return Ok(None),
    };
    match value {
        Some(number) => Ok(Some(number.into())),
        None => Err(misfit(text, kind)),
    }
}

fn misfit(text: &str, kind: &str) -> Reason {
    format!("`{}` has the tag !!{kind}, and is not that", shown(text)).into()
}

/// Whether a number is written as an integer.
fn is_whole(text: &str) -> bool {
    text.starts_with("0x") || !text.contains(['e', 'E'])
}

/// The value of a plain scalar; `None` for a text.
fn not_text(text: &str) -> Result<Option<Value>, Reason> {
    match word(text) {
        Some(value) => Ok(Some(value)),
        None => Ok(number(text)?.map(Value::from)),
    }
}

fn word(text: &str) -> Option<Value> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Some(Value::Null),
        "true" | "True" | "TRUE" => Some(true.into()),
        "false" | "False" | "FALSE" => Some(false.into()),
        _ => None,
    }
}

/// The number that a text is in YAML.
fn number(text: &str) -> Result<Option<Number>, Reason> {
    // Most scalars are words, of which the first letter tells.
    if !text.starts_with(|c: char| "+-.".contains(c) || c.is_ascii_digit()) {
        return Ok(None);
    }
    // Read as JSON first, so that a number of more than 64 bits keeps its digits.
    if let Ok(number) = serde_json::from_str(text) {
        return Ok(Some(number));
    }
    if matches!(
        text,
        ".inf"
            | ".Inf"
            | ".INF"
            | "+.inf"
            | "+.Inf"
            | "+.INF"
            | "-.inf"
            | "-.Inf"
            | "-.INF"
            | ".nan"
            | ".NaN"
            | ".NAN"
    ) {
        return Err(format!("JSON has no number {text}").into());
    }
    let Some(number) = radix(text, "0x", 16)
        .or_else(|| radix(text, "0o", 8))
        .or_else(|| decimal(text))
    else {
        return Ok(None);
    };
    number.map(Some).ok_or_else(|| too_large(text))
}

/// A hash of digits and one `e` is such a number as well.
fn too_large(text: &str) -> Reason {
    format!("`{}` is a number in YAML, and too large", shown(text)).into()
}

fn shown(text: &str) -> String {
    const MOST: usize = 40;
    cut(text.to_owned(), MOST)
}

/// A hexadecimal or octal number, which has no sign in YAML; `Some(None)` if it is too large.
fn radix(text: &str, prefix: &str, radix: u32) -> Option<Option<Number>> {
    let digits = text
        .strip_prefix(prefix)
        .filter(|digits| !digits.is_empty())?;
    if !digits.chars().all(|c| c.is_digit(radix)) {
        return None;
    }
    // A longer one would be rounded, and is an address or a hash more often than a number.
    let whole = u64::from_str_radix(digits, radix);
    Some(whole.ok().map(Number::from))
}

/// A decimal number that JSON writes otherwise; `Some(None)` if it is too large.
fn decimal(text: &str) -> Option<Option<Number>> {
    let is_decimal = |c: char| c.is_ascii_digit() || "+-.eE".contains(c);
    let text = Some(text).filter(|text| text.chars().all(is_decimal))?;
    if let Ok(whole) = text.parse::<i64>() {
        return Some(Some(whole.into()));
    }
    if let Ok(whole) = text.parse::<u64>() {
        return Some(Some(whole.into()));
    }
    text.parse().ok().map(Number::from_f64)
}

#[cfg(test)]
mod tests {
    use saphyr_parser::{ScalarStyle, Tag};
    use serde_json::json;

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
            ("0x", json!("0x")),
            ("+18446744073709551615", json!(u64::MAX)),
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
            ("inf", json!("inf")),
            ("nan", json!("nan")),
            ("infinity", json!("infinity")),
            ("1 ", json!(1)),
        ];
        for (text, expected) in cases {
            assert_eq!(
                scalar(text.into(), ScalarStyle::Plain, None),
                Ok(expected),
                "{text:?}"
            );
        }
    }

    #[test]
    fn what_json_has_no_number_for_is_refused() {
        let hexadecimal = format!("0x{}", "f".repeat(300));
        let start = format!("`0x{}…` is a number in YAML, and too large", "f".repeat(38));
        let cases = [
            (".inf", "JSON has no number .inf"),
            ("-.INF", "JSON has no number -.INF"),
            (".nan", "JSON has no number .nan"),
            ("1e400", "`1e400` is a number in YAML, and too large"),
            ("+1e400", "`+1e400` is a number in YAML, and too large"),
            // The beginning of a commit's hash.
            ("7e10842", "`7e10842` is a number in YAML, and too large"),
            (
                "0x10000000000000000",
                "`0x10000000000000000` is a number in YAML, and too large",
            ),
            (&hexadecimal, &start),
        ];
        for (text, expected) in cases {
            let read = scalar(text.into(), ScalarStyle::Plain, None);
            assert_eq!(read, Err(expected.into()), "{text:?}");
        }
    }

    #[test]
    fn a_tag_of_the_core_schema_says_what_a_scalar_is() {
        let misfit = |text: &str, kind| {
            Err(format!("`{text}` has the tag !!{kind}, and is not that").into())
        };
        let cases = [
            ("7", "int", Ok(json!(7))),
            ("0x1F", "int", Ok(json!(31))),
            ("-007", "int", Ok(json!(-7))),
            ("0x1e", "int", Ok(json!(30))),
            ("7.0", "int", misfit("7.0", "int")),
            ("7e1", "int", misfit("7e1", "int")),
            ("", "int", misfit("", "int")),
            ("x", "int", misfit("x", "int")),
            ("1", "float", Ok(json!(1))),
            (".5", "float", Ok(json!(0.5))),
            ("0x1F", "float", misfit("0x1F", "float")),
            (".inf", "float", Err("JSON has no number .inf".into())),
            ("True", "bool", Ok(json!(true))),
            ("yes", "bool", misfit("yes", "bool")),
            ("null", "bool", misfit("null", "bool")),
            ("~", "null", Ok(json!(null))),
            ("", "null", Ok(json!(null))),
            ("true", "null", misfit("true", "null")),
            ("12", "str", Ok(json!("12"))),
            (".inf", "str", Ok(json!(".inf"))),
            ("12", "binary", Ok(json!("12"))),
            ("2020", "timestamp", Ok(json!("2020"))),
            ("x", "seq", misfit("x", "seq")),
        ];
        for (text, suffix, expected) in cases {
            for style in [ScalarStyle::Plain, ScalarStyle::DoubleQuoted] {
                let tag = tag("tag:yaml.org,2002:", suffix);
                let read = scalar(text.into(), style, Some(&tag));
                assert_eq!(read, expected, "!!{suffix} {text:?}");
            }
        }
    }

    fn tag(handle: &str, suffix: &str) -> Tag {
        Tag {
            handle: handle.to_owned(),
            suffix: suffix.to_owned(),
        }
    }

    #[test]
    fn quotes_and_the_tag_of_strings_make_a_string() {
        let core = "tag:yaml.org,2002:";
        let cases = [
            (ScalarStyle::SingleQuoted, None, json!("12")),
            (ScalarStyle::Literal, None, json!("12")),
            (ScalarStyle::Plain, Some(tag(core, "str")), json!("12")),
            (
                ScalarStyle::Plain,
                Some(tag("", "tag:yaml.org,2002:str")),
                json!("12"),
            ),
            (ScalarStyle::Plain, Some(tag("", "!")), json!("12")),
            (ScalarStyle::Plain, Some(tag("!", "str")), json!(12)),
        ];
        for (style, tag, expected) in cases {
            let value = scalar("12".into(), style, tag.as_ref());
            assert_eq!(value, Ok(expected), "{style:?} {tag:?}");
        }
    }
}
