//! References as people wrote them, in what is told.

use crate::pointer::{REFERENCED_FILES, decoded, steps};

/// A text with references to places in files that the document refers to as those are written,
/// `file#pointer`, and not as they are kept.
pub(super) fn written_references(text: String) -> String {
    let kept = format!("#/{REFERENCED_FILES}/");
    if !text.contains(&kept) {
        return text;
    }
    let mut parts = text.split(&kept);
    let mut written = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let is_end = |letter: char| letter == '/' || letter == '"' || letter.is_whitespace();
        let (name, rest) = part.split_at(part.find(is_end).unwrap_or(part.len()));
        let step = steps(&decoded(&format!("/{name}"))).next();
        written.push_str(&step.unwrap_or_default());
        // What is no pointer is kept as a step that starts with #.
        match rest.strip_prefix("/#") {
            Some(rest) => written.extend(["#", rest]),
            None if rest.starts_with('/') => written.extend(["#", rest]),
            None => written.push_str(rest),
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use super::written_references;

    #[test]
    fn a_place_in_another_file_is_named_by_that() {
        let cases = [
            ("no", "no"),
            (
                "\"#/x-referenced-files/a~1b%20c.yml/ids/x\" is not",
                "\"a/b c.yml#/ids/x\" is not",
            ),
            ("#/x-referenced-files/a.yml/#Detail is", "a.yml#Detail is"),
            ("#/x-referenced-files/a.yml", "a.yml"),
        ];
        for (kept, written) in cases {
            assert_eq!(written_references(kept.to_owned()), written);
        }
    }
}
