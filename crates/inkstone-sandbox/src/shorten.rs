//! Shortens long values for messages and the journal.

use std::io::{self, Write};

use serde_json::Value;

/// A text of at most `most` characters, or its beginning and its length.
pub fn text(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}… ({} characters)", &text[..end], text.chars().count()),
    }
}

/// The JSON text of a value, cut after about `most` bytes.
pub fn json(value: &Value, most: usize) -> String {
    let mut start = Start {
        text: Vec::new(),
        left: most,
    };
    let is_whole = serde_json::to_writer(&mut start, value).is_ok();
    // The cut may fall within a character.
    let valid = start.text.utf8_chunks().next();
    let text = valid.map_or("", |chunk| chunk.valid());
    match is_whole {
        true => text.to_owned(),
        false => format!("{text}…"),
    }
}

/// A copy of a value whose long strings are shortened.
pub fn strings(value: &Value, most: usize) -> Value {
    match value {
        Value::String(string) => text(string, most).into(),
        Value::Array(items) => items.iter().map(|item| strings(item, most)).collect(),
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| (text(name, most), strings(value, most)))
            .collect(),
        other => other.clone(),
    }
}

/// Takes the first bytes and then fails, so that a long value isn't written in full.
struct Start {
    text: Vec<u8>,
    left: usize,
}

impl Write for Start {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.left == 0 && !bytes.is_empty() {
            return Err(io::ErrorKind::WriteZero.into());
        }
        let taken = bytes.len().min(self.left);
        self.text.extend_from_slice(&bytes[..taken]);
        self.left -= taken;
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn long_values_are_cut_between_characters() {
        let cases = [
            (json(&json!("猫猫猫"), 6), "\"猫…"),
            (json(&json!({"a": 1}), 7), "{\"a\":1}"),
            (json(&json!([1, 2, 3]), 3), "[1,…"),
        ];
        assert_eq!(text("猫猫猫", 2), "猫猫… (3 characters)");
        assert_eq!(text("猫猫", 2), "猫猫");
        for (found, expected) in cases {
            assert_eq!(found, expected);
        }
    }
}
