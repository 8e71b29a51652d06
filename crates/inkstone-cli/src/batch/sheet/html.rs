//! Escapes text and file names for HTML.

use inkstone::is_unprintable;

use crate::hex::percent_encoded;

/// `text` for an element or a quoted attribute.
pub fn text(text: &str) -> String {
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
            c if is_unprintable(c) => escaped.push('\u{fffd}'),
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
    use super::{link, text};

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
