//! Reads YAML as JSON.

use std::collections::HashMap;
use std::ops::Range;

use saphyr_parser::{Event, Parser, ScanError, Span};
use serde_json::Value;

use super::builder::{Builder, Node, Values};
use super::outdented::Indented;
use super::scalar::{self, Reason};

/// How deeply collections may be nested once aliases are expanded.
const DEEPEST: usize = 128;

/// How much memory a node takes at least, roughly, in bytes.
const NODE: usize = 64;

/// How much memory what aliases and anchors repeat may take: this, and [`NODE`] for each
/// byte of the text. A few lines of aliases of aliases expand to more than any memory.
const MOST_REPEATED: usize = 1 << 20;

/// Why a text is not YAML, or cannot be written as JSON.
#[derive(Debug, PartialEq)]
pub(crate) struct YamlError {
    /// The line, from 1.
    pub line: usize,
    /// The column in that line, in characters from 1.
    pub column: usize,
    /// What is wrong.
    pub message: String,
}

impl YamlError {
    /// Whether something stands too far left.
    fn is_of_indentation(&self) -> bool {
        let starts = ["invalid indentation", "tabs disallowed"];
        starts.iter().any(|start| self.message.starts_with(start))
    }
}

/// Reads the first document in `text` that is not empty; `text` starts at the byte `offset`
/// of its file. Aliases are expanded; one within its own anchor is `null`.
///
/// # Errors
///
/// That the text is not YAML, has collections as keys, is nested too deeply, or expands to
/// too much.
pub(super) fn read(text: &str, offset: usize) -> Result<Values, YamlError> {
    let error = match read_indented(text, offset, &Indented::default()) {
        Ok(values) => return Ok(values),
        Err(error) => error,
    };
    let indented = error.is_of_indentation().then(|| Indented::new(text));
    let Some(indented) = indented.flatten() else {
        return Err(error);
    };
    read_indented(&indented.text, offset, &indented).map_err(|second| {
        // A quote that is not closed is told where it is opened.
        if error.message.contains("quoted") {
            return error;
        }
        YamlError {
            column: indented.original_column(second.line, second.column),
            ..second
        }
    })
}

/// Reads a text as it is; places are those that it had before it was `indented`.
fn read_indented(text: &str, offset: usize, indented: &Indented) -> Result<Values, YamlError> {
    let mut reader = Reader {
        builder: Builder::default(),
        positions: Positions::new(text, offset, indented),
        around: Vec::new(),
        anchored: HashMap::new(),
        left_to_repeat: MOST_REPEATED.saturating_add(text.len().saturating_mul(NODE)),
        root: None,
    };
    let mut events = Parser::new_from_str(text);
    for event in events.by_ref() {
        let (event, span) = event.map_err(|error| YamlError {
            line: error.marker().line(),
            column: error.marker().col() + 1,
            message: error.info().to_owned(),
        })?;
        let is_end = event == Event::DocumentEnd;
        reader.event(event, span).map_err(|message| YamlError {
            line: span.start.line(),
            column: span.start.col() + 1,
            message: message.to_owned(),
        })?;
        if is_end && reader.has_collection() {
            break;
        }
    }
    let Builder {
        tree,
        repeated,
        unsayable,
        ..
    } = reader.builder;
    let (json, tree) = match reader.root {
        Some(Node { json, place }) => (json, tree.with_root(place)),
        None => (Value::Null, tree),
    };
    Ok(Values {
        json,
        tree,
        repeated,
        unsayable,
        next_document: next_document(events),
    })
}

/// The line of the next document that is not empty.
fn next_document<'t>(
    events: impl Iterator<Item = Result<(Event<'t>, Span), ScanError>>,
) -> Option<usize> {
    let is_content = |event: &Event<'_>| match event {
        Event::Scalar(text, ..) => !text.is_empty(),
        Event::SequenceStart(..) | Event::MappingStart(..) => true,
        _ => false,
    };
    let mut contents = events.map_while(Result::ok);
    let (_, span) = contents.find(|(event, _)| is_content(event))?;
    Some(span.start.line())
}

/// The size and depth of a node, with its aliases expanded.
#[derive(Clone, Copy, Debug, Default)]
struct Extent {
    /// The memory it takes, roughly, in bytes.
    size: usize,
    /// How many levels of collections it has.
    height: usize,
}

struct Reader<'t> {
    builder: Builder,
    positions: Positions<'t>,
    /// The collections around the next event, with the anchor of each, or 0.
    around: Vec<(usize, Extent)>,
    anchored: HashMap<usize, (Node, Extent)>,
    left_to_repeat: usize,
    /// The document that was read last.
    root: Option<Node>,
}

impl Reader<'_> {
    fn event(&mut self, event: Event<'_>, span: Span) -> Result<(), &'static str> {
        let bytes = self.positions.bytes(span);
        match event {
            Event::SequenceStart(anchor, tag) => {
                let kind = scalar::check_collection(tag.as_deref(), "seq");
                self.note(kind, &bytes);
                self.begin(anchor)?;
                self.builder.begin_items(bytes.start);
            }
            Event::MappingStart(anchor, tag) => {
                let kind = scalar::check_collection(tag.as_deref(), "map");
                self.note(kind, &bytes);
                self.begin(anchor)?;
                self.builder.begin_members(bytes.start);
            }
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some((anchor, extent)) = self.around.pop()
                    && let Some(node) = self.builder.end(bytes.end)
                {
                    self.add(anchor, node, extent, bytes)?;
                }
            }
            Event::Scalar(text, style, anchor, tag) => {
                let extent = Extent {
                    size: NODE + text.len(),
                    height: 0,
                };
                let json = scalar::scalar(text, style, tag.as_deref());
                let json = self.note(json, &bytes);
                let node = self.builder.scalar(json, bytes.clone());
                self.add(anchor, node, extent, bytes)?;
            }
            Event::Alias(anchor) => self.repeat(anchor, bytes)?,
            _ => {}
        }
        Ok(())
    }

    /// Notes why there is no JSON for what stands here.
    fn note<T: Default>(&mut self, read: Result<T, Reason>, bytes: &Range<usize>) -> T {
        read.unwrap_or_else(|reason| {
            self.builder.note_unsayable(bytes.clone(), reason);
            T::default()
        })
    }

    /// Begins a collection. Within it, its own anchor is not defined yet.
    fn begin(&mut self, anchor: usize) -> Result<(), &'static str> {
        if self.is_key() {
            return Err("a collection is used as a key");
        }
        self.anchored.remove(&anchor);
        let extent = Extent {
            size: NODE,
            height: 1,
        };
        self.around.push((anchor, extent));
        self.check_depth(0)
    }

    /// Adds a node again that an anchor names.
    fn repeat(&mut self, anchor: usize, bytes: Range<usize>) -> Result<(), &'static str> {
        // An anchor is defined once its node has ended.
        let Some((_, extent)) = self.anchored.get(&anchor) else {
            let null = self.builder.scalar(Value::Null, bytes.clone());
            return self.add(0, null, Extent::default(), bytes);
        };
        let extent = *extent;
        self.check_depth(extent.height)?;
        self.take_budget(extent)?;
        match self.anchored.get(&anchor) {
            Some((node, _)) => self.add(0, node.clone(), extent, bytes),
            None => Ok(()),
        }
    }

    /// Adds a node to the collection around it, as a value or as a key.
    fn add(
        &mut self,
        anchor: usize,
        node: Node,
        extent: Extent,
        bytes: Range<usize>,
    ) -> Result<(), &'static str> {
        if anchor > 0 {
            self.take_budget(extent)?;
            self.anchored.insert(anchor, (node.clone(), extent));
        }
        if let Some((_, around)) = self.around.last_mut() {
            around.size = around.size.saturating_add(extent.size);
            around.height = around.height.max(extent.height + 1);
        }
        if self.is_key() {
            self.builder.set_name(key(node.json)?, bytes);
        } else if self.builder.name() == Some("<<") {
            if !is_mergeable(&node.json) {
                let reason = "a merge key names mappings alone";
                self.builder.note_unsayable(bytes, reason.into());
            }
            self.builder.merge(node);
        } else if let Some(root) = self.builder.add(node) {
            self.root = Some(root);
        }
        Ok(())
    }

    /// Whether the next node is a key of a mapping.
    fn is_key(&self) -> bool {
        self.builder.is_in_members() && self.builder.name().is_none()
    }

    /// Checks that a node of this height is not too deep here.
    fn check_depth(&self, height: usize) -> Result<(), &'static str> {
        match self.around.len() + height > DEEPEST {
            true => Err("the text lies too deep"),
            false => Ok(()),
        }
    }

    fn take_budget(&mut self, extent: Extent) -> Result<(), &'static str> {
        let left = self.left_to_repeat.checked_sub(extent.size);
        self.left_to_repeat = left.ok_or("the aliases stand for too much")?;
        Ok(())
    }

    fn has_collection(&self) -> bool {
        let root = self.root.as_ref().map(|root| &root.json);
        root.is_some_and(|root| root.is_array() || root.is_object())
    }
}

/// Whether a value is a mapping, or several.
fn is_mergeable(value: &Value) -> bool {
    match value {
        Value::Array(all) => all.iter().all(is_mergeable),
        other => other.is_object(),
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

/// Converts the positions of the parser, which counts characters, to bytes.
struct Positions<'t> {
    text: &'t str,
    offset: usize,
    indented: &'t Indented,
    /// A position in characters and in bytes; the next to be asked for is near it.
    known: (usize, usize),
}

impl<'t> Positions<'t> {
    fn new(text: &'t str, offset: usize, indented: &'t Indented) -> Self {
        Self {
            text,
            offset,
            indented,
            known: (0, 0),
        }
    }

    fn bytes(&mut self, span: Span) -> Range<usize> {
        let start = self.byte(span.start.index());
        let end = self.byte(span.end.index()).max(start);
        let original = |byte| self.offset + self.indented.original_byte(byte);
        original(start)..original(end)
    }

    fn byte(&mut self, index: usize) -> usize {
        let (characters, bytes) = self.known;
        let (before, after) = self.text.split_at_checked(bytes).unwrap_or((self.text, ""));
        let byte = if index >= characters {
            let steps = index - characters;
            let between = after.as_bytes().get(..steps);
            match between.is_some_and(<[u8]>::is_ascii) {
                true => Some(bytes + steps),
                false => after.char_indices().nth(steps).map(|(at, _)| bytes + at),
            }
        } else {
            let mut back = before.char_indices().rev().map(|(at, _)| at);
            back.nth(characters - index - 1)
        };
        let Some(byte) = byte else {
            return self.text.len();
        };
        self.known = (index, byte);
        byte
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{YamlError, read};

    fn parse(text: &str) -> Result<serde_json::Value, YamlError> {
        read(text, 0).map(|values| values.json)
    }

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
            // What stands too far left.
            (
                "a:\n  b:\n    {\n  \"c\": [\n1,\n\t2],\n}\n  d: \"e\nf\"\ng: 1",
                json!({"a": {"b": {"c": [1, 2]}, "d": "e f"}, "g": 1}),
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(parse(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_json_cannot_say_is_told_where_it_stands() {
        let merge = "a merge key names mappings alone";
        type Found<'t> = (&'t str, &'t str, &'t str);
        let cases: [(&str, &[Found<'_>]); 6] = [
            (
                "a: [1, .inf]\n.nan : 2",
                &[
                    ("/a/1", ".inf", "JSON has no number .inf"),
                    ("", ".nan", "JSON has no number .nan"),
                ],
            ),
            (
                "a: !!int \"x\"",
                &[(
                    "/a",
                    "!!int \"x\"",
                    "`x` has the tag !!int, and is not that",
                )],
            ),
            (
                "a: {b: !!str [1]}",
                &[("/a/b", "!!str [", "it has the tag !!str, and is not that")],
            ),
            ("a: !!map {b: !!seq [1], c: !!set {x}}", &[]),
            ("a: &x {p: 1, q: *x, r: [*x]}", &[]),
            ("a: {<<: [{b: 1}, 5]}", &[("/a/<<", "]", merge)]),
        ];
        for (text, expected) in cases {
            let unsayable = read(text, 0).expect("YAML").unsayable;
            let found = unsayable
                .iter()
                .map(|it| (&*it.pointer, &text[it.bytes.clone()], &*it.reason));
            assert_eq!(found.collect::<Vec<_>>(), expected, "{text}");
        }
    }

    #[test]
    fn what_is_none_is_located() {
        let error = parse("a: 1\nb: [1, 2\nc: 3").expect_err("no YAML");
        assert_eq!(error.line, 3);
        let error = parse("a: {\nb: 1,\nc: }\n}: 1").expect_err("no YAML");
        assert_eq!((error.line, error.column), (4, 1));
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
            (5, "the aliases stand for too much")
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
