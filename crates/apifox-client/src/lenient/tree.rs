//! Makes a tree of a text that is not quite JSON.

use serde_json::{Map, Value};

use super::tokens::{Token, Tokens};

/// How deep the tree gets, as with serde_json: what is deeper is left out, as code that walks
/// a tree takes a part of the stack for each level.
const DEEPEST: usize = 120;

/// Whether a text has more values and names than so many, as JSON. That is found out without
/// memory, at the speed at which the text is read.
#[must_use]
pub fn has_more_values(text: &[u8], most: usize) -> bool {
    // Each is of a byte at least.
    text.len() > most
        && Tokens::new(text)
            .filter(Token::is_value)
            .nth(most)
            .is_some()
}

/// The first object or array in `text`, as far as it can be read; `None` where there is none.
///
/// What comes after the first `most` values and names is left out, as each takes up to 200 bytes of
/// memory, whoever sent it. A number beyond any range is its text, and a string without its end is
/// left out.
#[must_use]
pub fn value(text: &[u8], most: usize) -> Option<Value> {
    let mut builder = Builder::default();
    let mut left = most;
    for token in Tokens::new(text) {
        if token.is_value() && left == 0 {
            break;
        }
        left -= usize::from(token.is_value());
        builder.take(token);
        if builder.root.is_some() {
            break;
        }
    }
    builder.finish()
}

/// A tree that is being built.
#[derive(Default)]
struct Builder {
    open: Vec<Container>,
    /// How many containers are open that are too deep to be built.
    skipped: usize,
    root: Option<Value>,
}

struct Container {
    value: Value,
    /// The name of the next member.
    name: Option<String>,
}

impl Builder {
    fn take(&mut self, token: Token<'_>) {
        match token {
            Token::Open(_) if self.open.len() >= DEEPEST => self.skipped += 1,
            Token::Open(kind) => self.open.push(Container {
                value: match kind {
                    b'{' => Value::Object(Map::new()),
                    _ => Value::Array(Vec::new()),
                },
                name: None,
            }),
            Token::Close(_) if self.skipped > 0 => self.skipped -= 1,
            Token::Close(kind) => self.close(kind),
            _ if self.skipped > 0 => {}
            Token::Name(text) => {
                if let Some(container) = self.open.last_mut() {
                    container.name = Some(text.decode().into_owned());
                }
            }
            Token::Text(text) if !text.is_whole => {}
            Token::Text(text) => self.add(Value::String(text.decode().into_owned())),
            Token::Scalar(scalar) => {
                let read = serde_json::from_slice(scalar);
                let text = || String::from_utf8_lossy(scalar).into_owned().into();
                self.add(read.unwrap_or_else(|_| text()));
            }
        }
    }

    /// Ends the innermost container of this kind, and those in it.
    fn close(&mut self, kind: u8) {
        let is_kind = |container: &Container| container.value.is_object() == (kind == b'}');
        let Some(at) = self.open.iter().rposition(is_kind) else {
            return;
        };
        while self.open.len() > at {
            self.end_innermost();
        }
    }

    fn end_innermost(&mut self) {
        let Some(Container { value, .. }) = self.open.pop() else {
            return;
        };
        match self.open.is_empty() {
            true => self.root = Some(value),
            false => self.add(value),
        }
    }

    fn add(&mut self, value: Value) {
        let Some(Container { value: into, name }) = self.open.last_mut() else {
            return;
        };
        match into {
            Value::Array(items) => items.push(value),
            Value::Object(members) => {
                if let Some(name) = name.take() {
                    members.insert(name, value);
                }
            }
            _ => {}
        }
    }

    fn finish(mut self) -> Option<Value> {
        while !self.open.is_empty() && self.root.is_none() {
            self.end_innermost();
        }
        self.root
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{DEEPEST, has_more_values, value};

    const MOST: usize = 1 << 20;

    #[test]
    fn what_is_nearly_json_is_read_as_what_it_is_nearly() {
        let whole = json!({"a": [1, "b", null], "c": {"d": true}});
        let text = whole.to_string();
        let cases: Vec<(Vec<u8>, Value)> = vec![
            (text.clone().into_bytes(), whole.clone()),
            (format!("\u{feff}{text}").into_bytes(), whole.clone()),
            (
                format!("data: {text}\n\ndata: [DONE]").into_bytes(),
                whole.clone(),
            ),
            (format!("{text}garbage{{").into_bytes(), whole.clone()),
            (text[..text.len() - 1].into(), whole.clone()),
            (b"{\"a\":[1,\"b\"".to_vec(), json!({"a": [1, "b"]})),
            (b"{\"a\":[1,\"b".to_vec(), json!({"a": [1]})),
            (
                b"{\"a\":1e400,\"b\":2}".to_vec(),
                json!({"a": "1e400", "b": 2}),
            ),
            (b"{\"a\":\"\\ud800\"}".to_vec(), json!({"a": "\u{fffd}"})),
            (b"{\"a\":\"\xff\n\"}".to_vec(), json!({"a": "\u{fffd}\n"})),
            (b"{\"a\":[1,2}".to_vec(), json!({"a": [1, 2]})),
            (b"{\"a\":1,}".to_vec(), json!({"a": 1})),
            (b"]}{\"a\":NaN}".to_vec(), json!({"a": "NaN"})),
        ];
        for (text, expected) in cases {
            let shown = String::from_utf8_lossy(&text).into_owned();
            assert_eq!(value(&text, MOST), Some(expected), "{shown}");
        }
        for text in [&b""[..], b"html", b"\"{\"", b"12"] {
            assert_eq!(value(text, MOST), None);
        }
    }

    /// Each value takes forty times the memory that it takes in the text, and more.
    #[test]
    fn no_more_than_so_many_values_are_read() {
        let many = format!("{{\"a\":1,\"b\":[{}[]],\"c\":2}}", "[0],".repeat(2 * MOST));
        let found = value(many.as_bytes(), MOST).expect("an object");
        let items = found["b"].as_array().expect("an array").len();
        // The object, two names, a number and the array are values as well.
        assert_eq!(items, (MOST - 5).div_ceil(2));
        assert_eq!((&found["a"], found.get("c")), (&json!(1), None));
        let few = b"{\"a\":[1,2],\"b\":3}";
        for (most, expected) in [
            (0, None),
            (4, Some(json!({"a": [1]}))),
            (6, Some(json!({"a": [1, 2]}))),
            (7, Some(json!({"a": [1, 2], "b": 3}))),
        ] {
            assert_eq!(value(few, most), expected, "{most}");
        }
        for (text, values) in [
            ("", 0),
            ("1", 1),
            ("[1,2]", 3),
            ("{\"a\":[\"[,]\"],\"b\":{}}", 6),
        ] {
            assert!(!has_more_values(text.as_bytes(), values), "{text}");
            let has_more = values > 0 && has_more_values(text.as_bytes(), values - 1);
            assert_eq!(has_more, values > 0, "{text}");
        }
    }

    #[test]
    fn no_depth_is_too_deep_and_no_more_than_some_is_kept() {
        let deep = format!("{}1{}", "[".repeat(1_000_000), "]".repeat(1_000_000));
        let mut found = value(deep.as_bytes(), MOST).expect("an array");
        let mut depth = 0;
        while let Value::Array(mut items) = found {
            depth += 1;
            found = items.pop().unwrap_or_default();
        }
        assert_eq!(depth, DEEPEST);
        let behind = format!("{{\"a\":{deep},\"b\":2}}");
        assert_eq!(value(behind.as_bytes(), MOST).expect("an object")["b"], 2);
    }
}
