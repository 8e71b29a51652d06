//! The bytes of each value in JSON text. Whether it is JSON is left to serde_json.

use super::tree::{Holds, Member, Tree};

/// How deeply values may be nested; serde_json reads nothing deeper.
const DEEPEST: usize = 256;

/// Adds the values of `text`, which starts at the byte `offset`, to the tree; the
/// outermost becomes its root. `None` for what is not JSON.
pub(super) fn read(tree: &mut Tree, text: &str, offset: usize) -> Option<usize> {
    let mut reader = Reader {
        tree,
        text,
        offset,
        at: 0,
    };
    let root = reader.value(0)?;
    tree.set_root(root);
    Some(root)
}

struct Reader<'t> {
    tree: &'t mut Tree,
    text: &'t str,
    offset: usize,
    at: usize,
}

impl Reader<'_> {
    fn value(&mut self, depth: usize) -> Option<usize> {
        if depth > DEEPEST {
            return None;
        }
        let first = self.next()?;
        let start = self.at;
        let holds = match first {
            b'{' => self.members(depth)?,
            b'[' => self.items(depth)?,
            b'"' => self.string()?,
            _ => self.word()?,
        };
        let bytes = self.offset + start..self.offset + self.at;
        Some(self.tree.add(bytes, holds))
    }

    fn members(&mut self, depth: usize) -> Option<Holds> {
        let mut members = Vec::new();
        self.at += 1;
        while self.next()? != b'}' {
            let start = self.at;
            self.string()?;
            let bytes = self.offset + start..self.offset + self.at;
            let name = serde_json::from_str(self.text.get(start..self.at)?).ok()?;
            self.skip(b':')?;
            let value = self.value(depth + 1)?;
            members.push(Member { name, bytes, value });
            self.comma(b'}')?;
        }
        self.at += 1;
        Some(Holds::Members(members))
    }

    fn items(&mut self, depth: usize) -> Option<Holds> {
        let mut items = Vec::new();
        self.at += 1;
        while self.next()? != b']' {
            items.push(self.value(depth + 1)?);
            self.comma(b']')?;
        }
        self.at += 1;
        Some(Holds::Items(items))
    }

    fn string(&mut self) -> Option<Holds> {
        let bytes = self.text.as_bytes();
        if bytes.get(self.at) != Some(&b'"') {
            return None;
        }
        self.at += 1;
        while *bytes.get(self.at)? != b'"' {
            self.at += if bytes[self.at] == b'\\' { 2 } else { 1 };
        }
        self.at += 1;
        Some(Holds::Nothing)
    }

    /// A number, `true`, `false` or `null`.
    fn word(&mut self) -> Option<Holds> {
        let rest = self.text.get(self.at..)?;
        let length = rest
            .bytes()
            .take_while(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(byte))
            .count();
        self.at += length;
        (length > 0).then_some(Holds::Nothing)
    }

    fn comma(&mut self, end: u8) -> Option<()> {
        match self.next()? {
            b',' => self.skip(b','),
            other => (other == end).then_some(()),
        }
    }

    fn skip(&mut self, expected: u8) -> Option<()> {
        let is_there = self.next()? == expected;
        self.at += 1;
        is_there.then_some(())
    }

    /// The next byte that is not whitespace, without consuming it.
    fn next(&mut self) -> Option<u8> {
        let rest = self.text.as_bytes().get(self.at..)?;
        let blank = rest.iter().take_while(|byte| byte.is_ascii_whitespace());
        self.at += blank.count();
        self.text.as_bytes().get(self.at).copied()
    }
}
