//! YAML as the JSON that it stands for.

use saphyr::{Scalar, Yaml, YamlLoader};
use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, SpannedEventReceiver as _};
use serde_json::{Map, Number, Value};

use crate::extent::Extents;

/// Why a text is no YAML, or has no form in JSON.
#[derive(Debug, PartialEq)]
pub(crate) struct YamlError {
    /// The line, from 1; 0 where none is to blame.
    pub line: usize,
    /// The column in that line, in characters from 1.
    pub column: usize,
    /// What is wrong.
    pub message: String,
}

/// The JSON of the first document in `text` that is not empty, with aliases in full.
/// Of keys that stand twice in a mapping the last counts, as in JSON. What an alias
/// stands for within itself is `null`.
///
/// # Errors
///
/// That the text is no YAML, has collections as keys, or lies too deep.
pub(crate) fn parse(text: &str) -> Result<Value, YamlError> {
    let mut loader: YamlLoader<'_, Yaml<'_>> = YamlLoader::default();
    loader.early_parse(false);
    loader.allow_duplicate_keys(true);
    let mut extents = Extents::default();
    let mut is_filled = false;
    // Not by `Parser::load`, which calls itself for each collection in another.
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| scan_error(&error))?;
        let event = match event {
            Event::Alias(anchor) if extents.is_within(anchor) => {
                Event::Scalar("~".into(), ScalarStyle::Plain, 0, None)
            }
            other => other,
        };
        extents.take(&event).map_err(|message| YamlError {
            line: span.start.line(),
            column: span.start.col() + 1,
            message: message.to_owned(),
        })?;
        let is_end = event == Event::DocumentEnd;
        is_filled |= matches!(event, Event::MappingStart(..) | Event::SequenceStart(..));
        loader.on_event(event, span);
        if is_end && is_filled {
            break;
        }
    }
    if let Some(error) = loader.error() {
        return Err(scan_error(error));
    }
    match loader.into_documents().last() {
        Some(document) => json(document),
        None => Ok(Value::Null),
    }
}

fn scan_error(error: &ScanError) -> YamlError {
    YamlError {
        line: error.marker().line(),
        column: error.marker().col() + 1,
        message: error.info().to_owned(),
    }
}

fn json(node: &Yaml<'_>) -> Result<Value, YamlError> {
    let fault = |message: &str| YamlError {
        line: 0,
        column: 0,
        message: message.to_owned(),
    };
    match node {
        Yaml::Representation(text, style, _) => Ok(scalar(text, *style)),
        Yaml::Value(value) => Ok(resolved(value)),
        Yaml::Tagged(_, inner) => json(inner),
        Yaml::Sequence(items) => items.iter().map(json).collect(),
        Yaml::Mapping(entries) => {
            let mut members = Map::new();
            for (key, value) in entries {
                let value = json(value)?;
                match (json(key)?, value) {
                    (Value::String(key), value) if key == "<<" => merge(&mut members, value),
                    (Value::String(key), value) => drop(members.insert(key, value)),
                    (Value::Array(_) | Value::Object(_), _) => {
                        return Err(fault("a collection is used as a key"));
                    }
                    // `200:` is the key "200".
                    (key, value) => drop(members.insert(key.to_string(), value)),
                }
            }
            Ok(Value::Object(members))
        }
        Yaml::Alias(_) | Yaml::BadValue => Err(fault("an alias leads nowhere")),
    }
}

/// Puts in what stands behind a merge key, a mapping or several: what comes first
/// counts for more, and what the mapping says itself for most.
fn merge(members: &mut Map<String, Value>, merged: Value) {
    match merged {
        Value::Object(merged) => {
            for (key, value) in merged {
                members.entry(key).or_insert(value);
            }
        }
        Value::Array(all) => all.into_iter().for_each(|it| merge(members, it)),
        _ => {}
    }
}

/// What a scalar stands for by YAML's core schema.
fn scalar(text: &str, style: ScalarStyle) -> Value {
    if style != ScalarStyle::Plain {
        return text.into();
    }
    // Numbers keep their digits, also past 64 bits.
    if let Ok(number) = serde_json::from_str::<Number>(text) {
        return number.into();
    }
    resolved(&Scalar::parse_from_cow(text.into()))
}

fn resolved(scalar: &Scalar<'_>) -> Value {
    match scalar {
        Scalar::Null => Value::Null,
        Scalar::Boolean(it) => (*it).into(),
        Scalar::Integer(it) => (*it).into(),
        // There is no infinity in JSON.
        Scalar::FloatingPoint(it) => Number::from_f64(it.into_inner()).into(),
        Scalar::String(it) => it.as_ref().into(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::parse;

    #[test]
    fn yaml_is_read_as_the_json_it_stands_for() {
        let cases = [
            (
                "a: 1\nb: [x, 'y', ~]",
                json!({"a": 1, "b": ["x", "y", null]}),
            ),
            (
                "200: ok\n'n': yes\ntrue: no",
                json!({"200": "ok", "n": "yes", "true": "no"}),
            ),
            ("a: &x {p: 1}\nb: *x", json!({"a": {"p": 1}, "b": {"p": 1}})),
            (
                "a: &x {p: 1, q: 2}\nb:\n  <<: *x\n  p: 3",
                json!({"a": {"p": 1, "q": 2}, "b": {"p": 3, "q": 2}}),
            ),
            (
                "a: &x {p: 1}\nb: {<<: [*x, {p: 2, q: 2, r: 2}], q: 3}",
                json!({"a": {"p": 1}, "b": {"p": 1, "q": 3, "r": 2}}),
            ),
            (
                "a: 18446744073709551615\nb: '1'\nc: 1.50",
                json!({"a": 18_446_744_073_709_551_615_u64, "b": "1", "c": 1.5}),
            ),
            (
                "a: >-\n  one\n  two\nb: |\n  x\n",
                json!({"a": "one two", "b": "x\n"}),
            ),
            (
                "a: 2024-01-01\nb: true\nc: 0x10",
                json!({"a": "2024-01-01", "b": true, "c": 16}),
            ),
            ("", json!(null)),
            ("# a\n---\n# b\n---\na: 1\n---\nb: 2\n", json!({"a": 1})),
            (
                "a: &x {p: 1, q: *x, r: [*x]}",
                json!({"a": {"p": 1, "q": null, "r": [null]}}),
            ),
            ("{\"a\": [1, \"b\"]}", json!({"a": [1, "b"]})),
        ];
        for (text, expected) in cases {
            assert_eq!(parse(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_is_none_is_located() {
        let error = parse("a: 1\nb: [1, 2\nc: 3").expect_err("no YAML");
        assert_eq!(error.line, 3);
        let deep = [
            "[".repeat(4000) + &"]".repeat(4000),
            "- ".repeat(100_000),
            "? ".repeat(100_000),
            "{a: ".repeat(100_000),
        ];
        for text in deep {
            assert!(parse(&text).is_err());
        }
        assert!(parse("{? [a] : b}").is_err());
    }

    #[test]
    fn aliases_that_stand_for_too_much_are_refused() {
        let tenfold = |at| {
            format!(
                "a{}: &a{} [{}]\n",
                at + 1,
                at + 1,
                format!("*a{at} , ").repeat(10)
            )
        };
        let bomb: String = (0..9).map(tenfold).collect();
        let error = parse(&format!("a0: &a0 x\n{bomb}")).expect_err("too much");
        assert_eq!(
            (error.line, error.message.as_str()),
            (8, "the aliases stand for too much")
        );
        let long = format!(
            "a: &a {}\nb: [{}]",
            "x".repeat(100_000),
            "*a , ".repeat(1000)
        );
        assert!(parse(&long).is_err());
        let chain = |at| {
            format!(
                "- &a{} {}*a{at}{}\n",
                at + 1,
                "[".repeat(60),
                " ]".repeat(60)
            )
        };
        let deep: String = (0..400).map(chain).collect();
        let error = parse(&format!("- &a0 x\n{deep}")).expect_err("too deep");
        assert_eq!(
            (error.line, error.message.as_str()),
            (4, "the text lies too deep")
        );
    }
}
