//! Escapes text and file names for HTML.

use inkstone::is_unprintable;

use crate::hex::percent_encoded;

/// `text` for an element or a quoted attribute, with a mark for each character that nobody sees.
pub fn text(text: &str) -> String {
    escaped(text, |_| "\u{fffd}".to_owned())
}

/// `text` for what is copied and not shown: each character comes back as it was.
pub fn exact(text: &str) -> String {
    let reference = |c: char| match c {
        // A reference to one of these means another character.
        '\u{80}'..='\u{9f}' => c.to_string(),
        c => format!("&#{};", u32::from(c)),
    };
    escaped(text, reference)
}

fn escaped(text: &str, unprintable: impl Fn(char) -> String) -> String {
    // Most of it is plain, and a sheet has much of it.
    let is_plain = |byte: u8| matches!(byte, b' '..=b'~') && !b"&<>\"'".contains(&byte);
    if text.bytes().all(is_plain) {
        return text.to_owned();
    }
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped += "&amp;",
            '<' => escaped += "&lt;",
            '>' => escaped += "&gt;",
            '"' => escaped += "&quot;",
            '\'' => escaped += "&#39;",
            '\n' | '\t' => escaped.push(c),
            c if is_unprintable(c) => escaped += &unprintable(c),
            c => escaped.push(c),
        }
    }
    escaped
}

/// The relative URL of the file `name`, which lies beside the page.
pub fn link(name: &str) -> String {
    percent_encoded(name.as_bytes(), b"-._~")
}

#[cfg(test)]
mod tests {
    use super::{exact, link, text};

    #[test]
    fn text_is_escaped_and_links_stay_in_the_directory() {
        let cases = [
            (
                "a <b> & 'c' \"d\"",
                "a &lt;b&gt; &amp; &#39;c&#39; &quot;d&quot;",
            ),
            ("猫\n\u{1b}[31m", "猫\n\u{fffd}[31m"),
        ];
        for (raw, escaped) in cases {
            assert_eq!(text(raw), escaped);
        }
        assert_eq!(
            exact("<a>\u{202e}\u{1b}\u{85}"),
            "&lt;a&gt;&#8238;&#27;\u{85}"
        );
        let cases = [
            ("cat-1_b.png", "cat-1_b.png"),
            ("猫.png", "%E7%8C%AB.png"),
            ("a b#c?d%.png", "a%20b%23c%3Fd%25.png"),
            ("javascript:x", "javascript%3Ax"),
            ("\"><script>", "%22%3E%3Cscript%3E"),
        ];
        for (name, url) in cases {
            assert_eq!(link(name), url);
        }
    }
}
