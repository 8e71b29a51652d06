//! Repairs JSON as people write it by hand: with comments, surplus commas, and keys
//! without quotes.

use serde_json::Value;

/// The text as JSON, and what had to be repaired; `None` where nothing had to be, or where
/// that was not enough.
pub fn repair(text: &str) -> Option<(String, String)> {
    let mut repair = Repair {
        rest: text,
        out: String::with_capacity(text.len()),
        repairs: Vec::new(),
    };
    repair.run();
    let Repair { out, repairs, .. } = repair;
    serde_json::from_str::<Value>(&out).ok()?;
    (!repairs.is_empty()).then(|| (out, repairs.join(" and ")))
}

struct Repair<'t> {
    rest: &'t str,
    out: String,
    repairs: Vec<&'static str>,
}

impl Repair<'_> {
    fn run(&mut self) {
        while let Some(first) = self.rest.chars().next() {
            match first {
                '"' => self.string(),
                '/' if self.rest.starts_with("//") => self.comment("\n"),
                '/' if self.rest.starts_with("/*") => self.comment("*/"),
                '}' | ']' => {
                    self.remove_comma();
                    self.take(1);
                }
                '_' | '$' => self.word(),
                letter if letter.is_alphabetic() => self.word(),
                other => self.take(other.len_utf8()),
            }
        }
    }

    fn take(&mut self, length: usize) {
        let (taken, rest) = self.rest.split_at(length);
        self.out.push_str(taken);
        self.rest = rest;
    }

    fn note(&mut self, repaired: &'static str) {
        if !self.repairs.contains(&repaired) {
            self.repairs.push(repaired);
        }
    }

    fn string(&mut self) {
        let mut is_escaped = false;
        let end = self.rest.char_indices().skip(1).find(|(_, letter)| {
            let is_end = *letter == '"' && !is_escaped;
            is_escaped = *letter == '\\' && !is_escaped;
            is_end
        });
        self.take(end.map_or(self.rest.len(), |(at, _)| at + 1));
    }

    /// Skips a comment; the line break after it is kept.
    fn comment(&mut self, end: &str) {
        self.note("comments");
        let length = match self.rest.find(end) {
            Some(at) if end == "\n" => at,
            Some(at) => at + end.len(),
            None => self.rest.len(),
        };
        self.rest = &self.rest[length..];
    }

    /// Removes a comma that nothing follows.
    fn remove_comma(&mut self) {
        if let Some(before) = self.out.trim_end().strip_suffix(',') {
            self.out.remove(before.len());
            self.note("surplus commas");
        }
    }

    /// A literal name such as `true`, or a key without quotes.
    fn word(&mut self) {
        let is_part = |letter: char| letter.is_alphanumeric() || "_$-".contains(letter);
        let length = self
            .rest
            .find(|letter| !is_part(letter))
            .unwrap_or(self.rest.len());
        let after = self.rest[length..].trim_start();
        let before = self.out.trim_end();
        let is_key = after.starts_with(':') && before.ends_with(['{', ',']);
        if !is_key {
            return self.take(length);
        }
        self.note("keys without quotes");
        self.out.push('"');
        self.take(length);
        self.out.push('"');
    }
}

#[cfg(test)]
mod tests {
    use super::repair;

    #[test]
    fn handwritten_json_is_repaired() {
        let cases = [
            (
                "{\"a\": 1, // one\n}",
                Some(("{\"a\": 1 \n}", "comments and surplus commas")),
            ),
            (
                "{a: true, /* b */ b-c: [1,]}",
                Some((
                    "{\"a\": true,  \"b-c\": [1]}",
                    "keys without quotes and comments and surplus commas",
                )),
            ),
            ("{\"u\": \"http://x\", \"q\": \"\\\"//\"}", None),
            ("{\"a\": 1} {\"b\": 2}", None),
            ("{\"a\": \"cut", None),
            ("", None),
        ];
        for (text, expected) in cases {
            let expected = expected.map(|(json, repairs)| (json.to_owned(), repairs.to_owned()));
            assert_eq!(repair(text), expected, "{text}");
        }
    }
}
