//! Reads JSON ([RFC 8259](https://www.rfc-editor.org/rfc/rfc8259)).

use std::ops::Range;

use serde_json::Value;

use super::builder::{Builder, Node, Values};
use super::tree::Tree;

/// How many containers may be around a value; `serde_json` has the same limit.
const DEEPEST: usize = 127;

/// Reads `text`, which starts at the byte `offset` of its file.
///
/// # Errors
///
/// Why the text is not JSON, in the words of `serde_json`.
pub(super) fn read(text: &str, offset: usize) -> Result<Values, serde_json::Error> {
    let mut reader = Reader {
        builder: Builder::default(),
        text,
        offset,
        at: 0,
    };
    let root = reader.root();
    let Builder { tree, repeated, .. } = reader.builder;
    match root {
        Some(Node { json, place }) => Ok(Values {
            json,
            tree: tree.with_root(place),
            repeated,
            unsayable: Vec::new(),
            next_document: None,
        }),
        // If it is JSON after all, its values have no places.
        None => serde_json::from_str(text).map(|json| Values {
            json,
            tree: Tree::default(),
            repeated,
            unsayable: Vec::new(),
            next_document: None,
        }),
    }
}

/// Its functions return `None` where the text is not JSON.
struct Reader<'t> {
    builder: Builder,
    text: &'t str,
    offset: usize,
    at: usize,
}

impl Reader<'_> {
    fn root(&mut self) -> Option<Node> {
        loop {
            let mut node = self.scalar_or_empty()?;
            loop {
                if let Some(root) = self.builder.add(node) {
                    return self.next().is_none().then_some(root);
                }
                match self.after_value()? {
                    Some(ended) => node = ended,
                    None => break,
                }
            }
        }
    }

    /// The next value that holds no others, with the beginnings of the containers around it.
    fn scalar_or_empty(&mut self) -> Option<Node> {
        loop {
            let first = self.next()?;
            let start = self.at;
            let end = match first {
                b'{' => b'}',
                b'[' => b']',
                b'"' => {
                    let text = self.string()?;
                    return Some(self.builder.scalar(text.into(), self.bytes(start)));
                }
                _ => {
                    let word = self.word()?;
                    return Some(self.builder.scalar(word, self.bytes(start)));
                }
            };
            self.begin(end)?;
            if self.next()? == end {
                return self.end();
            }
            if end == b'}' {
                self.name()?;
            }
        }
    }

    /// After a value: the container around it where that ends, or else nothing; then
    /// another value follows.
    fn after_value(&mut self) -> Option<Option<Node>> {
        let is_object = self.builder.is_in_members();
        match self.next()? {
            b',' => {
                self.at += 1;
                if is_object {
                    self.name()?;
                }
                Some(None)
            }
            b'}' if is_object => Some(Some(self.end()?)),
            b']' if !is_object => Some(Some(self.end()?)),
            _ => None,
        }
    }

    fn begin(&mut self, end: u8) -> Option<()> {
        let start = self.offset + self.at;
        match end {
            b'}' => self.builder.begin_members(start),
            _ => self.builder.begin_items(start),
        }
        self.at += 1;
        (self.builder.depth() <= DEEPEST).then_some(())
    }

    fn end(&mut self) -> Option<Node> {
        self.at += 1;
        self.builder.end(self.offset + self.at)
    }

    /// The name of a member, with its colon.
    fn name(&mut self) -> Option<()> {
        self.next()?;
        let start = self.at;
        let name = self.string()?;
        self.builder.set_name(name, self.bytes(start));
        let is_colon = self.next()? == b':';
        self.at += 1;
        is_colon.then_some(())
    }

    fn string(&mut self) -> Option<String> {
        let start = self.at;
        let bytes = self.text.as_bytes();
        if *bytes.get(start)? != b'"' {
            return None;
        }
        let mut is_escaped = false;
        self.at += 1;
        loop {
            match *bytes.get(self.at)? {
                b'"' => break,
                b'\\' => {
                    is_escaped = true;
                    self.at += 2;
                }
                0..0x20 => return None,
                _ => self.at += 1,
            }
        }
        self.at += 1;
        match is_escaped {
            true => serde_json::from_str(self.text.get(start..self.at)?).ok(),
            false => Some(self.text.get(start + 1..self.at - 1)?.to_owned()),
        }
    }

    /// A number, `true`, `false` or `null`.
    fn word(&mut self) -> Option<Value> {
        let rest = self.text.get(self.at..)?;
        let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || b"+-.".contains(byte);
        let length = rest.bytes().take_while(is_part).count();
        self.at += length;
        serde_json::from_str(&rest[..length]).ok()
    }

    /// The next byte that is not whitespace, without consuming it.
    fn next(&mut self) -> Option<u8> {
        let rest = self.text.as_bytes().get(self.at..)?;
        let is_blank = |byte: &&u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
        self.at += rest.iter().take_while(is_blank).count();
        self.text.as_bytes().get(self.at).copied()
    }

    /// The bytes of the file from `start` up to here.
    fn bytes(&self, start: usize) -> Range<usize> {
        self.offset + start..self.offset + self.at
    }
}
