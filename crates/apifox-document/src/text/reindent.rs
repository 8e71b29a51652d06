//! Lays out JSON text without touching a single token of it.
//!
//! Parsing and printing again would turn `1e3` into `1000.0` and drop repeated
//! keys; a vendor's document is kept as the vendor wrote it, so only the white
//! space between tokens changes here.

/// Re-indents `json`, which must be well formed, by two spaces a level.
pub fn reindent(json: &str) -> String {
    let mut out = String::with_capacity(json.len() * 2);
    let mut level = 0_usize;
    let mut rest = json.char_indices().peekable();
    while let Some((start, c)) = rest.next() {
        match c {
            '"' => {
                let mut escaped = false;
                let mut end = json.len();
                for (at, c) in rest.by_ref() {
                    if c == '"' && !escaped {
                        end = at + 1;
                        break;
                    }
                    escaped = c == '\\' && !escaped;
                }
                out.push_str(&json[start..end]);
            }
            '{' | '[' => {
                out.push(c);
                while rest.next_if(|(_, c)| c.is_ascii_whitespace()).is_some() {}
                if let Some((_, close)) = rest.next_if(|(_, c)| matches!(c, '}' | ']')) {
                    out.push(close);
                } else {
                    level += 1;
                    new_line(&mut out, level);
                }
            }
            '}' | ']' => {
                level = level.saturating_sub(1);
                new_line(&mut out, level);
                out.push(c);
            }
            ',' => {
                out.push(c);
                new_line(&mut out, level);
            }
            ':' => out.push_str(": "),
            c if c.is_ascii_whitespace() => {}
            c => out.push(c),
        }
    }
    out
}

fn new_line(out: &mut String, level: usize) {
    out.push('\n');
    out.extend(std::iter::repeat_n("  ", level));
}

#[cfg(test)]
mod tests {
    use super::reindent;

    #[test]
    fn keeps_every_token() {
        let cases = [
            ("{}", "{}"),
            ("[ ]", "[]"),
            (
                "{ \"a\":1e3,\"a\" : 2.0 }",
                "{\n  \"a\": 1e3,\n  \"a\": 2.0\n}",
            ),
            (r#"["\"{,:}[\\"]"#, "[\n  \"\\\"{,:}[\\\\\"\n]"),
            ("[{},[]]", "[\n  {},\n  []\n]"),
            ("  -0.50  ", "-0.50"),
        ];
        for (input, expected) in cases {
            assert_eq!(reindent(input), expected, "{input}");
        }
    }

    #[test]
    fn is_idempotent() {
        let once = reindent(r#"{"a":[1,{"b":"c d"}],"e":{}}"#);
        assert_eq!(reindent(&once), once);
    }
}
