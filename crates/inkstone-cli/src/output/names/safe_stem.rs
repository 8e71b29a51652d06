//! File names from ids.

use sha2::{Digest as _, Sha256};

use crate::hex::hex;

/// The most bytes of an id in a name. File systems take 255, and a number, an ending
/// and `.json` follow.
const LONGEST: usize = 120;

/// Names that Windows reserves for devices.
const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];

/// The name of the files of `id`, without ending: the id itself if it is safe on every
/// system, otherwise its safe characters and a hash of all of it.
pub fn stem(id: &str) -> String {
    let clean = safe(id);
    if clean == id && is_safe(id) {
        return clean;
    }
    let clean = clean.trim_matches(['.', '-']);
    let end = boundary(clean, LONGEST - 13);
    let hash = hex(&Sha256::digest(id)[..6]);
    match &clean[..end] {
        "" => hash,
        clean => format!("{clean}-{hash}"),
    }
}

/// A text as a part of a file's name, which it leaves room for others in.
pub fn safe_part(text: &str) -> String {
    let mut part = safe(text);
    part.truncate(boundary(&part, LONGEST));
    part
}

/// The last end of a character that is not after `most` bytes.
fn boundary(text: &str, most: usize) -> usize {
    let mut ends = (0..=text.len().min(most)).rev();
    let end = ends.find(|end| text.is_char_boundary(*end));
    end.unwrap_or_default()
}

/// A text as a part of a file's name.
pub fn safe(text: &str) -> String {
    let safe = |c: char| match c {
        '.' | '-' | '_' => c,
        c if c.is_alphanumeric() => c,
        _ => '-',
    };
    text.chars().map(safe).collect()
}

fn is_safe(name: &str) -> bool {
    let device = name.split('.').next().unwrap_or_default().to_lowercase();
    let is_numbered = |kind: &str| {
        let number = device.strip_prefix(kind);
        number.is_some_and(|number| number.chars().count() == 1)
    };
    name.len() <= LONGEST
        && !name.starts_with(['.', '-'])
        && !name.ends_with('.')
        && !DEVICES.contains(&device.as_str())
        && !is_numbered("com")
        && !is_numbered("lpt")
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, stem};

    #[test]
    fn a_safe_id_is_its_own_name() {
        for id in ["cat-1", "猫_2.b", "Ä", "console", "com10"] {
            assert_eq!(stem(id), id);
        }
    }

    #[test]
    fn an_unsafe_id_becomes_its_safe_characters_and_a_hash() {
        let cases = [
            ("a/b", "a-b-"),
            ("a\\b", "a-b-"),
            ("../../etc/passwd", "etc-passwd-"),
            (".hidden", "hidden-"),
            ("-rf", "rf-"),
            ("a.", "a-"),
            ("CON", "CON-"),
            ("com1.png", "com1.png-"),
            ("..", ""),
        ];
        let mut found = std::collections::BTreeSet::new();
        for (id, start) in cases {
            let name = stem(id);
            let hash = name.strip_prefix(start).unwrap();
            assert_eq!(hash.len(), 12, "{name}");
            assert!(hash.bytes().all(|byte| byte.is_ascii_hexdigit()), "{name}");
            assert!(found.insert(name));
        }
        let long = "猫".repeat(200);
        assert!(stem(&long).len() <= LONGEST);
        assert_ne!(stem(&long), stem(&format!("{long}x")));
    }
}
