//! Which file name does an id become?

use sha2::{Digest as _, Sha256};

/// How many bytes of an id a name has: file systems take 255, and a number, an
/// ending and `.json` come after it.
const LONGEST: usize = 120;

/// The names that Windows keeps for devices.
const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];

/// The name, without ending, of the files of the job `id`: the id itself where
/// that is safe on every system, else what of it is, with a hash of the whole.
pub fn stem(id: &str) -> String {
    let fit = |c: char| match c {
        '.' | '-' | '_' => c,
        c if c.is_alphanumeric() => c,
        _ => '-',
    };
    let clean: String = id.chars().map(fit).collect();
    if clean == id && is_safe(id) {
        return clean;
    }
    let clean = clean.trim_matches(['.', '-']);
    let mut ends = (0..=clean.len().min(LONGEST - 13)).rev();
    let end = ends.find(|it| clean.is_char_boundary(*it));
    let hash = Sha256::digest(id);
    let hash: String = hash.iter().take(6).map(|it| format!("{it:02x}")).collect();
    match &clean[..end.unwrap_or_default()] {
        "" => hash,
        clean => format!("{clean}-{hash}"),
    }
}

fn is_safe(name: &str) -> bool {
    let device = name.split('.').next().unwrap_or_default().to_lowercase();
    let is_numbered = |kind: &str| {
        let number = device.strip_prefix(kind);
        number.is_some_and(|it| it.chars().count() == 1)
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
    fn any_other_id_becomes_what_is_safe_of_it_and_a_hash() {
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
            assert!(hash.bytes().all(|it| it.is_ascii_hexdigit()), "{name}");
            assert!(found.insert(name));
        }
        let long = "猫".repeat(200);
        assert!(stem(&long).len() <= LONGEST);
        assert_ne!(stem(&long), stem(&format!("{long}x")));
    }
}
