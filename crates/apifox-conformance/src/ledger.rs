//! The examples that are known to break their own schema.

use std::collections::BTreeMap;
use std::path::Path;

/// Examples by their label, each with the reason why it breaks its schema.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ledger {
    reasons: BTreeMap<String, String>,
    /// Lines that are not `label: reason`.
    malformed: Vec<String>,
}

impl Ledger {
    /// Reads lines of `label: reason`; empty ones and those that start with `#` say nothing.
    pub fn parse(text: &str) -> Self {
        let mut ledger = Self::default();
        let lines = text.lines().map(str::trim);
        for line in lines.filter(|line| !line.is_empty() && !line.starts_with('#')) {
            match line.split_once(": ") {
                Some((label, reason)) if !reason.trim().is_empty() => {
                    ledger.reasons.insert(label.to_owned(), reason.to_owned());
                }
                _ => ledger.malformed.push(line.to_owned()),
            }
        }
        ledger
    }

    /// Reads a file; one that does not exist lists nothing.
    pub fn read(path: &Path) -> Self {
        match std::fs::read_to_string(path) {
            Ok(text) => Self::parse(&text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Self::default(),
            Err(error) => Self {
                malformed: vec![format!("{}: {error}", path.display())],
                ..Self::default()
            },
        }
    }

    pub fn has(&self, label: &str) -> bool {
        self.reasons.contains_key(label)
    }

    /// What is wrong with it where `labels` are all examples: lines that are not understood, and
    /// those of no example.
    pub fn problems(&self, labels: &[String]) -> Vec<String> {
        let unknown = self.reasons.keys().filter(|label| !labels.contains(label));
        let unknown = unknown.map(|label| format!("{label}: there is no such example"));
        let malformed = self.malformed.iter();
        let malformed = malformed.map(|line| format!("{line}: is not `example: reason`"));
        malformed.chain(unknown).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Ledger;

    #[test]
    fn it_fails_both_ways() {
        let ledger = Ledger::parse("# why\n\na/b request x: wrong\nno reason\nc: \n");
        assert!(ledger.has("a/b request x"));
        let known = ["a/b request x".to_owned()];
        assert_eq!(
            ledger.problems(&known),
            [
                "no reason: is not `example: reason`",
                "c:: is not `example: reason`"
            ]
        );
        assert_eq!(ledger.problems(&[]).len(), 3);
        assert_eq!(
            Ledger::read("/there/is/no/such/file".as_ref())
                .problems(&[])
                .len(),
            0
        );
    }
}
