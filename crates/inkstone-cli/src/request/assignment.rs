//! `--set FIELD=JSON`: any field of the request, by its path.

use apifox_runtime::Path;
use serde_json::{Map, Value};

use tr::tr;

use crate::error::CliError;

/// How deep a field can be: no document goes near that.
const DEEPEST: usize = 64;

/// A field, and the value it is to have.
#[derive(Clone, Debug, PartialEq)]
pub struct Assignment {
    path: Vec<String>,
    value: Value,
}

impl Assignment {
    /// The value of a field.
    pub fn new(path: Vec<String>, value: Value) -> Self {
        Self { path, value }
    }

    /// Reads `a.b=JSON`.
    pub fn parse(text: &str) -> Result<Self, String> {
        let Some((field, json)) = text.split_once('=') else {
            return Err(tr!("expected FIELD=JSON, as in parameters.seed=7"));
        };
        // Of one that is too deep, enough to refuse it by name.
        let path: Vec<String> = field
            .split('.')
            .take(DEEPEST + 1)
            .map(str::to_owned)
            .collect();
        if path.iter().any(String::is_empty) {
            let field = format!("{field:?}");
            return Err(tr!(
                "{field} is not a field: expected names joined by dots",
                field
            ));
        }
        let value = serde_json::from_str(json).map_err(|error| {
            let quoted = Value::from(json);
            tr!(
                "{json} is not JSON ({error}); text needs quotes: --set '{field}={quoted}'",
                json,
                error,
                field,
                quoted
            )
        })?;
        Ok(Self { path, value })
    }

    /// The flag, as it was given.
    pub fn flag(&self) -> String {
        match self.path.len() > DEEPEST {
            true => format!("--set {}…", self.path[..3].join(".")),
            false => format!("--set {}", self.path.join(".")),
        }
    }

    /// Whether it sets the field of this name, where requests have it.
    pub fn is_of(&self, name: &str) -> bool {
        match &self.path[..] {
            [own] => own == name,
            [around, own] => own == name && matches!(around.as_str(), "parameters" | "input"),
            _ => false,
        }
    }

    /// JSON pointer to the field.
    pub fn pointer(&self) -> String {
        self.path.iter().map(|name| segment(name)).collect()
    }

    /// JSON pointer to the outermost value that this adds to `body`.
    pub fn outermost_new(&self, body: &Value) -> String {
        let mut pointer = String::new();
        for name in &self.path {
            pointer += &segment(name);
            if body.pointer(&pointer).is_none() {
                break;
            }
        }
        pointer
    }

    /// Sets the field in `body`, and creates missing objects around it.
    pub fn apply(&self, body: &mut Value) -> Result<(), CliError> {
        if self.path.len() > DEEPEST {
            return Err(CliError::usage(tr!(
                "{flag}: the field is more than {most} names deep, and no request is",
                flag = self.flag(),
                most = DEEPEST
            )));
        }
        let mut place = body;
        for name in &self.path {
            place = member(place, name)
                .map_err(|why| CliError::usage(format!("{}: {why}", self.flag())))?;
        }
        *place = self.value.clone();
        Ok(())
    }
}

/// A name, as a segment of a JSON pointer.
fn segment(name: &str) -> String {
    Path::ROOT.key(name).to_string()
}

fn member<'a>(value: &'a mut Value, name: &str) -> Result<&'a mut Value, String> {
    if value.is_null() {
        *value = Value::Object(Map::new());
    }
    match value {
        Value::Object(members) => Ok(members.entry(name).or_insert(Value::Null)),
        Value::Array(items) => {
            let count = items.len();
            let index = name.parse().ok().filter(|index| *index <= count);
            let index: usize = index.ok_or_else(|| {
                tr!(
                    "{name} is not an index of an array of {count}: use a number from 0 to {count}",
                    name,
                    count
                )
            })?;
            if index == count {
                items.push(Value::Null);
            }
            Ok(&mut items[index])
        }
        _ => Err(tr!(
            "{name} would be in a value that is not an object",
            name
        )),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Assignment;

    #[test]
    fn a_path_leads_through_objects_and_arrays() {
        let cases = [
            ("seed=7", json!({"input": [{"a": 1}], "seed": 7})),
            (
                "p.q.r=null",
                json!({"input": [{"a": 1}], "p": {"q": {"r": null}}}),
            ),
            ("input.0.a=2", json!({"input": [{"a": 2}]})),
            ("input.1=\"x=y\"", json!({"input": [{"a": 1}, "x=y"]})),
        ];
        for (text, expected) in cases {
            let mut body = json!({"input": [{"a": 1}]});
            Assignment::parse(text).unwrap().apply(&mut body).unwrap();
            assert_eq!(body, expected, "{text}");
        }
    }

    #[test]
    fn a_path_that_does_not_exist_is_refused() {
        let cases = [
            (
                "input.2=1",
                "--set input.2: 2 is not an index of an array of 1: use a number from 0 to 1",
            ),
            (
                "input.0.a.b=1",
                "--set input.0.a.b: b would be in a value that is not an object",
            ),
        ];
        for (text, expected) in cases {
            let mut body = json!({"input": [{"a": 1}]});
            let refused = Assignment::parse(text).unwrap().apply(&mut body);
            assert_eq!(refused.unwrap_err().message, expected);
        }
    }

    #[test]
    fn a_field_that_is_too_deep_is_refused() {
        let deep = |names: usize| format!("{}=1", vec!["a"; names].join("."));
        let apply = |names| {
            Assignment::parse(&deep(names))
                .unwrap()
                .apply(&mut json!({}))
        };
        assert!(apply(64).is_ok());
        let refused = "--set a.a.a…: the field is more than 64 names deep, and no request is";
        assert_eq!(apply(60_001).unwrap_err().message, refused);
    }

    #[test]
    fn a_malformed_assignment_is_refused() {
        let cases = [
            ("seed", "expected FIELD=JSON, as in parameters.seed=7"),
            (
                "a..b=1",
                "\"a..b\" is not a field: expected names joined by dots",
            ),
            (
                "size=2K",
                "2K is not JSON (trailing characters at line 1 column 2); \
                 text needs quotes: --set 'size=\"2K\"'",
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(Assignment::parse(text).unwrap_err(), expected);
        }
    }
}
