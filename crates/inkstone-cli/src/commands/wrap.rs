//! Wraps text into lines.

/// The words of `text` in lines of at most `width` characters; a longer word has a line of
/// its own.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    fill(text.split_whitespace().map(str::to_owned), width)
}

/// Like [`wrap`], but breaks words that are longer than a line.
pub fn wrap_and_break(text: &str, width: usize) -> Vec<String> {
    fill(text.split(' ').flat_map(|word| pieces(word, width)), width)
}

/// A word in pieces of at most `width` characters.
fn pieces(word: &str, width: usize) -> Vec<String> {
    let characters: Vec<char> = word.chars().collect();
    match characters.len() {
        0 => vec![String::new()],
        _ => characters.chunks(width).map(String::from_iter).collect(),
    }
}

fn fill(words: impl Iterator<Item = String>, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut used = 0;
    for word in words {
        let length = word.chars().count();
        match lines.last_mut() {
            Some(line) if used + 1 + length <= width || used == 0 => {
                if used > 0 {
                    line.push(' ');
                    used += 1;
                }
                line.push_str(&word);
                used += length;
            }
            _ => {
                used = length;
                lines.push(word);
            }
        }
    }
    if lines.is_empty() {
        lines.push(String::new());
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::{wrap, wrap_and_break};

    #[test]
    fn lines_are_no_longer_than_asked_for() {
        let cases: [(&str, &[&str]); 4] = [
            ("", &[""]),
            ("a bc def", &["a bc", "def"]),
            ("a abcdefgh b", &["a", "abcde", "fgh b"]),
            ("abcde 1 23", &["abcde", "1 23"]),
        ];
        for (text, lines) in cases {
            assert_eq!(wrap_and_break(text, 5), lines, "{text}");
        }
        assert_eq!(wrap("a abcdefgh b", 5), ["a", "abcdefgh", "b"]);
    }
}
