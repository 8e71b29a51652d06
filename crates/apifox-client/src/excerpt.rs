//! What an error shows of texts that came from outside: one short line without the key.

use apifox_runtime::is_unprintable;

/// The longest part of a body that is shown, in bytes.
const LONGEST_EXCERPT: usize = 512;

/// The longest part of a code or an id that is shown, in bytes.
const LONGEST_WORD: usize = 128;

/// The start of a body as one line of at most 512 bytes.
#[must_use]
pub fn excerpt(body: &[u8]) -> String {
    excerpt_without(body, &[])
}

/// The start of a body as one line, with no part of these secrets in it.
pub(crate) fn excerpt_without(body: &[u8], secrets: &[&str]) -> String {
    start(body, LONGEST_EXCERPT, secrets)
}

/// A code or an id as one line of at most 128 bytes: an API may send any text as one.
#[must_use]
pub fn short_excerpt(text: &str) -> String {
    start(text.as_bytes(), LONGEST_WORD, &[])
}

/// The first `longest` bytes of a text on one line, without these secrets.
fn start(body: &[u8], longest: usize, secrets: &[&str]) -> String {
    // Blanked before it is cut, so that no cut leaves half a secret behind.
    let longest_secret = secrets.iter().map(|secret| secret.len()).max();
    let window = longest + longest_secret.unwrap_or_default() + char::MAX.len_utf8();
    let window = &body[..body.len().min(window)];
    let shown = String::from_utf8_lossy(window).into_owned();
    let text = secrets
        .iter()
        .fold(shown, |text, secret| redacted(&text, secret));
    let fits = |(at, c): &(usize, char)| at + c.len_utf8() <= longest;
    let text: String = text
        .char_indices()
        .take_while(fits)
        .map(|(_, c)| c)
        .collect();
    let printable = one_line(&text);
    match body.len() <= longest {
        true => printable,
        false => format!("{printable}… ({} bytes in all)", body.len()),
    }
}

/// `text` with single spaces, and without characters that command a terminal.
fn one_line(text: &str) -> String {
    let shown = |c: char| if is_unprintable(c) { '\u{fffd}' } else { c };
    let words: Vec<String> = text
        .split_whitespace()
        .map(|word| word.chars().map(shown).collect())
        .collect();
    words.join(" ")
}

/// `text` without the secret, nor a start of it that was cut off at the end.
pub(crate) fn redacted(text: &str, secret: &str) -> String {
    /// A start shorter than this gives nothing away.
    const HARMLESS: usize = 4;
    if secret.is_empty() {
        return text.to_owned();
    }
    let whole = text.replace(secret, "…");
    let mut starts = (HARMLESS..secret.len())
        .rev()
        .filter_map(|end| secret.get(..end));
    match starts.find_map(|start| whole.strip_suffix(start)) {
        Some(kept) => format!("{kept}…"),
        None => whole,
    }
}

#[cfg(test)]
mod tests {
    use super::excerpt_without;

    #[test]
    fn no_cut_of_an_excerpt_leaves_a_part_of_the_secret() {
        let secret = "sk-0123456789abcdef";
        for before in 0..600 {
            let body = format!("{}{secret}{}", "x".repeat(before), "y".repeat(30));
            let excerpt = excerpt_without(body.as_bytes(), &[secret]);
            assert!(!excerpt.contains("sk-0"), "{before}: {excerpt}");
            assert!(excerpt.len() < 560, "{before}: {excerpt}");
        }
        for end in 4..secret.len() {
            let body = format!("the key {}", &secret[..end]);
            assert_eq!(excerpt_without(body.as_bytes(), &[secret]), "the key …");
        }
    }

    #[test]
    fn an_excerpt_is_one_line_of_printable_text() {
        let cases: &[(&[u8], &str)] = &[
            (b"a\r\n\t b", "a b"),
            (b"a\x1b[2Jb", "a\u{fffd}[2Jb"),
            (b"\xff", "\u{fffd}"),
            ("a\u{9b}2J\u{202e}b".as_bytes(), "a\u{fffd}2J\u{fffd}b"),
            ("猫".as_bytes(), "猫"),
            (b"", ""),
        ];
        for (body, expected) in cases {
            assert_eq!(excerpt_without(body, &["sk"]), *expected);
        }
        let long = "猫".repeat(200);
        let expected = format!("{}… (600 bytes in all)", "猫".repeat(170));
        assert_eq!(excerpt_without(long.as_bytes(), &["sk"]), expected);
    }
}
