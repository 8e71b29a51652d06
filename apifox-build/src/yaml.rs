//! YAML as the JSON that it stands for.

use saphyr::{Scalar, Yaml, YamlLoader};
use saphyr_parser::{Parser, ScalarStyle};
use serde_json::{Map, Number, Value};

/// How deeply collections may lie in each other, as in JSON text.
const DEEPEST: usize = 128;

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

/// The JSON of the first document in `text`, with aliases in full. Of keys that
/// stand twice in a mapping the last counts, as in JSON.
///
/// # Errors
///
/// That the text is no YAML, has collections as keys, or lies too deep.
pub(crate) fn parse(text: &str) -> Result<Value, YamlError> {
    let mut loader: YamlLoader<'_, Yaml<'_>> = YamlLoader::default();
    loader.early_parse(false);
    loader.allow_duplicate_keys(true);
    let mut parser = Parser::new_from_str(text);
    let scanned = parser.load(&mut loader, false);
    if let Some(error) = scanned.err().or_else(|| loader.error().cloned()) {
        return Err(YamlError {
            line: error.marker().line(),
            column: error.marker().col() + 1,
            message: error.info().to_owned(),
        });
    }
    match loader.into_documents().first() {
        Some(document) => json(document, 0),
        None => Ok(Value::Null),
    }
}

fn json(node: &Yaml<'_>, depth: usize) -> Result<Value, YamlError> {
    let fault = |message: &str| YamlError {
        line: 0,
        column: 0,
        message: message.to_owned(),
    };
    if depth > DEEPEST {
        return Err(fault("the text lies too deep"));
    }
    match node {
        Yaml::Representation(text, style, _) => Ok(scalar(text, *style)),
        Yaml::Value(value) => Ok(resolved(value)),
        Yaml::Tagged(_, inner) => json(inner, depth),
        Yaml::Sequence(items) => items.iter().map(|it| json(it, depth + 1)).collect(),
        Yaml::Mapping(entries) => {
            let mut members = Map::new();
            for (key, value) in entries {
                let value = json(value, depth + 1)?;
                match (json(key, depth + 1)?, value) {
                    // A merge key: what the mapping says itself counts for more.
                    (Value::String(key), Value::Object(merged)) if key == "<<" => {
                        for (key, value) in merged {
                            members.entry(key).or_insert(value);
                        }
                    }
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
        let deep = "[".repeat(4000) + &"]".repeat(4000);
        assert!(parse(&deep).is_err());
        assert!(parse("{? [a] : b}").is_err());
    }
}
