//! Reads YAML as JSON.

mod extent;
mod scalar;

use std::collections::HashMap;

use saphyr_parser::{Event, Parser};
use serde_json::{Map, Value};

use extent::Extents;
use scalar::scalar;

/// Why a text is not YAML, or cannot be written as JSON.
#[derive(Debug, PartialEq)]
pub struct YamlError {
    /// The line, from 1.
    pub line: usize,
    /// The column in that line, in characters from 1.
    pub column: usize,
    /// What is wrong.
    pub message: String,
}

/// The JSON of the first document in `text` that is not empty, with aliases expanded.
/// Where a key is repeated in a mapping the last one counts, as in JSON. An alias within
/// its own anchor is `null`.
///
/// # Errors
///
/// That the text is not YAML, has collections as keys, or is nested too deeply.
pub fn parse(text: &str) -> Result<Value, YamlError> {
    let mut extents = Extents::default();
    let mut loader = Loader::default();
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| YamlError {
            line: error.marker().line(),
            column: error.marker().col() + 1,
            message: error.info().to_owned(),
        })?;
        let taken = extents.take(&event).and_then(|()| loader.take(&event));
        taken.map_err(|message| YamlError {
            line: span.start.line(),
            column: span.start.col() + 1,
            message: message.to_owned(),
        })?;
        let is_collection = loader.read.is_array() || loader.read.is_object();
        if event == Event::DocumentEnd && is_collection {
            break;
        }
    }
    Ok(loader.read)
}

/// Builds JSON from the events of the parser.
#[derive(Debug, Default)]
struct Loader {
    /// The collections around the next event.
    open: Vec<Open>,
    anchored: HashMap<usize, Value>,
    /// The document that was read last.
    read: Value,
}

/// A collection that has not ended, with its anchor, or 0.
#[derive(Debug)]
enum Open {
    Sequence(usize, Vec<Value>),
    /// Its members so far, and the key of the next.
    Mapping(usize, Map<String, Value>, Option<String>),
}

impl Loader {
    fn take(&mut self, event: &Event<'_>) -> Result<(), &'static str> {
        match event {
            Event::SequenceStart(anchor, _) => {
                self.begin(*anchor, Open::Sequence(*anchor, Vec::new()))
            }
            Event::MappingStart(anchor, _) => {
                self.begin(*anchor, Open::Mapping(*anchor, Map::new(), None))
            }
            Event::SequenceEnd | Event::MappingEnd => match self.open.pop() {
                Some(Open::Sequence(anchor, items)) => self.add(anchor, items.into()),
                Some(Open::Mapping(anchor, members, _)) => self.add(anchor, members.into()),
                None => Ok(()),
            },
            Event::Scalar(text, style, anchor, tag) => {
                self.add(*anchor, scalar(text, *style, tag.as_deref()))
            }
            // An anchor is defined once its node has ended.
            Event::Alias(anchor) => {
                let value = self.anchored.get(anchor).cloned();
                self.add(0, value.unwrap_or_default())
            }
            _ => Ok(()),
        }
    }

    /// Begins a collection. Within it, its own anchor is not defined yet.
    fn begin(&mut self, anchor: usize, collection: Open) -> Result<(), &'static str> {
        if let Some(Open::Mapping(_, _, None)) = self.open.last() {
            return Err("a collection is used as a key");
        }
        self.anchored.remove(&anchor);
        self.open.push(collection);
        Ok(())
    }

    /// Adds a node to the collection around it.
    fn add(&mut self, anchor: usize, value: Value) -> Result<(), &'static str> {
        if anchor > 0 {
            self.anchored.insert(anchor, value.clone());
        }
        match self.open.last_mut() {
            Some(Open::Sequence(_, items)) => items.push(value),
            Some(Open::Mapping(_, members, next)) => match next.take() {
                Some(key) if key == "<<" => merge(members, value),
                Some(key) => drop(members.insert(key, value)),
                None => *next = Some(key(value)?),
            },
            None => self.read = value,
        }
        Ok(())
    }
}

/// A key as a name: `200:` is the key "200".
fn key(value: Value) -> Result<String, &'static str> {
    match value {
        Value::String(key) => Ok(key),
        Value::Array(_) | Value::Object(_) => Err("a collection is used as a key"),
        other => Ok(other.to_string()),
    }
}

/// Merges the mapping or mappings behind a merge key. Earlier ones win over later ones, and
/// the mapping's own members over all.
fn merge(members: &mut Map<String, Value>, merged: Value) {
    match merged {
        Value::Object(merged) => {
            for (key, value) in merged {
                members.entry(key).or_insert(value);
            }
        }
        Value::Array(all) => all.into_iter().for_each(|mapping| merge(members, mapping)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{YamlError, parse};

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
            (
                "a: &x {p: 1}\nb: &x {p: 2, q: *x}\nc: *x",
                json!({"a": {"p": 1}, "b": {"p": 2, "q": null}, "c": {"p": 2, "q": null}}),
            ),
            (
                "a: &x\nb: *x\n? c\n",
                json!({"a": null, "b": null, "c": null}),
            ),
            ("a: &k x\n*k : 1\na: 2", json!({"a": 2, "x": 1})),
            (
                "a: !!str 12\n!!int 12: !x [1]",
                json!({"a": "12", "12": [1]}),
            ),
            ("12", json!(12)),
            ("a\n---\nb", json!("b")),
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
        let message = "a collection is used as a key".to_owned();
        let error = |line, column| YamlError {
            line,
            column,
            message: message.clone(),
        };
        assert_eq!(parse("a: 1\n{? [a] : b}: 2"), Err(error(2, 1)));
        assert_eq!(parse("a: &x [1]\n*x : 2"), Err(error(2, 1)));
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
