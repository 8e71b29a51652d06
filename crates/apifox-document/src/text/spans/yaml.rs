//! The bytes of each value in YAML text.

use std::collections::HashMap;
use std::ops::Range;

use saphyr_parser::{Event, Parser, Span};

use super::tree::{Holds, Member, Tree};

/// Adds the values of the first document in `text`, which starts at the byte
/// `offset`, to the tree; the outermost becomes its root.
pub(super) fn read(tree: &mut Tree, text: &str, offset: usize) -> Option<usize> {
    let mut reader = Reader {
        tree,
        bytes: Bytes::new(text, offset),
        anchors: HashMap::new(),
        open: Vec::new(),
        root: None,
    };
    for event in Parser::new_from_str(text) {
        let Ok((event, span)) = event else {
            break;
        };
        if matches!(event, Event::DocumentEnd) {
            break;
        }
        reader.event(event, span);
    }
    let root = reader.root?;
    tree.set_root(root);
    Some(root)
}

/// A collection whose end is not yet read.
struct Open {
    start: usize,
    anchor: usize,
    holds: Holds,
    /// The key that waits for its value.
    key: Option<(String, Range<usize>)>,
}

struct Reader<'t> {
    tree: &'t mut Tree,
    bytes: Bytes,
    anchors: HashMap<usize, usize>,
    open: Vec<Open>,
    root: Option<usize>,
}

impl Reader<'_> {
    fn event(&mut self, event: Event<'_>, span: Span) {
        let bytes = self.bytes.range(span);
        match event {
            Event::Scalar(text, ..) if self.is_key(&text, &bytes) => {}
            Event::Scalar(_, _, anchor, _) => {
                let value = self.tree.add(bytes, Holds::Nothing);
                self.closed(value, anchor);
            }
            Event::Alias(anchor) => {
                let known = self.anchors.get(&anchor).copied();
                let value = known.unwrap_or_else(|| self.tree.add(bytes, Holds::Nothing));
                self.closed(value, 0);
            }
            Event::SequenceStart(anchor, _) => self.opened(bytes, anchor, Holds::Items(Vec::new())),
            Event::MappingStart(anchor, _) => {
                self.opened(bytes, anchor, Holds::Members(Vec::new()))
            }
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some(open) = self.open.pop() {
                    let whole = open.start..bytes.end.max(open.start);
                    let value = self.tree.add(whole, open.holds);
                    self.closed(value, open.anchor);
                }
            }
            _ => {}
        }
    }

    fn opened(&mut self, bytes: Range<usize>, anchor: usize, holds: Holds) {
        self.open.push(Open {
            start: bytes.start,
            anchor,
            holds,
            key: None,
        });
    }

    /// Whether a scalar is the key of a mapping; then it waits for its value.
    fn is_key(&mut self, text: &str, bytes: &Range<usize>) -> bool {
        match self.open.last_mut() {
            Some(Open {
                holds: Holds::Members(_),
                key: key @ None,
                ..
            }) => {
                *key = Some((text.to_owned(), bytes.clone()));
                true
            }
            _ => false,
        }
    }

    fn closed(&mut self, value: usize, anchor: usize) {
        if anchor > 0 {
            self.anchors.insert(anchor, value);
        }
        let Some(around) = self.open.last_mut() else {
            self.root = Some(value);
            return;
        };
        match &mut around.holds {
            Holds::Items(items) => items.push(value),
            Holds::Members(members) => match around.key.take() {
                Some((name, bytes)) => members.push(Member { name, bytes, value }),
                // A collection or an alias used as a key has no name in JSON.
                None => around.key = Some((String::new(), 0..0)),
            },
            Holds::Nothing => {}
        }
    }
}

/// Converts the positions of the parser, which counts characters, to bytes.
struct Bytes {
    character_starts: Vec<usize>,
    offset: usize,
}

impl Bytes {
    fn new(text: &str, offset: usize) -> Self {
        let starts = text.char_indices().map(|(at, _)| at);
        Self {
            character_starts: starts.chain([text.len()]).collect(),
            offset,
        }
    }

    fn range(&self, span: Span) -> Range<usize> {
        let last = self.character_starts.last().copied().unwrap_or_default();
        let byte = |at: usize| self.character_starts.get(at).copied().unwrap_or(last);
        let start = byte(span.start.index());
        self.offset + start..self.offset + byte(span.end.index()).max(start)
    }
}
