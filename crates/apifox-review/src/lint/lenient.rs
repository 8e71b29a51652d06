//! JSON as people write it by hand: with comments, commas too many, and keys
//! without quotes.

use serde_json::Value;

/// The text as JSON, and what had to be mended; `None` where that is not enough.
pub(super) fn json(text: &str) -> Option<(String, String)> {
    let mut reader = Reader {
        rest: text,
        out: String::with_capacity(text.len()),
        slips: Vec::new(),
    };
    reader.mend();
    let Reader { out, slips, .. } = reader;
    serde_json::from_str::<Value>(&out).ok()?;
    (!slips.is_empty()).then(|| (out, slips.join(" and ")))
}

struct Reader<'t> {
    rest: &'t str,
    out: String,
    slips: Vec<&'static str>,
}

impl Reader<'_> {
    fn mend(&mut self) {
        while let Some(first) = self.rest.chars().next() {
            match first {
                '"' => self.text(),
                '/' if self.rest.starts_with("//") => self.comment("\n"),
                '/' if self.rest.starts_with("/*") => self.comment("*/"),
                '}' | ']' => {
                    self.without_comma();
                    self.take(1);
                }
                it if it.is_alphabetic() || it == '_' || it == '$' => self.word(),
                it => self.take(it.len_utf8()),
            }
        }
    }

    fn take(&mut self, length: usize) {
        let (taken, rest) = self.rest.split_at(length);
        self.out.push_str(taken);
        self.rest = rest;
    }

    fn slipped(&mut self, slip: &'static str) {
        if !self.slips.contains(&slip) {
            self.slips.push(slip);
        }
    }

    fn text(&mut self) {
        let mut is_escaped = false;
        let end = self.rest.char_indices().skip(1).find(|(_, it)| {
            let is_end = *it == '"' && !is_escaped;
            is_escaped = *it == '\\' && !is_escaped;
            is_end
        });
        self.take(end.map_or(self.rest.len(), |(at, _)| at + 1));
    }

    /// Goes past a comment; the break after it stays.
    fn comment(&mut self, end: &str) {
        self.slipped("comments");
        let length = match self.rest.find(end) {
            Some(at) if end == "\n" => at,
            Some(at) => at + end.len(),
            None => self.rest.len(),
        };
        self.rest = &self.rest[length..];
    }

    /// Takes back a comma that nothing comes after.
    fn without_comma(&mut self) {
        let kept = self.out.trim_end();
        if let Some(before) = kept.strip_suffix(',') {
            let blank = self.out[kept.len()..].to_owned();
            self.out = format!("{before}{blank}");
            self.slipped("a comma too many");
        }
    }

    /// A name of JSON, or a key that has no quotes.
    fn word(&mut self) {
        let is_part = |it: char| it.is_alphanumeric() || matches!(it, '_' | '$' | '-');
        let length = self.rest.find(|it| !is_part(it)).unwrap_or(self.rest.len());
        let after = self.rest[length..].trim_start();
        let before = self.out.trim_end();
        let is_key = after.starts_with(':') && before.ends_with(['{', ',']);
        if !is_key {
            return self.take(length);
        }
        self.slipped("keys without quotes");
        self.out.push('"');
        self.take(length);
        self.out.push('"');
    }
}

#[cfg(test)]
mod tests {
    use super::json;

    #[test]
    fn what_is_meant_is_read() {
        let cases = [
            (
                "{\"a\": 1, // one\n}",
                Some(("{\"a\": 1 \n}", "comments and a comma too many")),
            ),
            (
                "{a: true, /* b */ b-c: [1,]}",
                Some((
                    "{\"a\": true,  \"b-c\": [1]}",
                    "keys without quotes and comments and a comma too many",
                )),
            ),
            ("{\"u\": \"http://x\", \"q\": \"\\\"//\"}", None),
            ("{\"a\": 1} {\"b\": 2}", None),
            ("{\"a\": \"cut", None),
            ("", None),
        ];
        for (text, expected) in cases {
            let expected = expected.map(|(json, slips)| (json.to_owned(), slips.to_owned()));
            assert_eq!(json(text), expected, "{text}");
        }
    }
}
