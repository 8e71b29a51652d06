//! All changes between two documents, and the verdict on them.

use serde_json::{Value, json};

use super::change::{Change, Effect, Verdict};
use apifox_document::diagnostics::Diagnostic;

/// What changed between two documents.
#[derive(Clone, Debug, Default)]
pub struct Diff {
    /// The changes, in the order of the old document, with those of each operation
    /// together.
    pub changes: Vec<Change>,
    /// The parts of either document that are incomplete or invalid, and were skipped.
    pub warnings: Vec<Diagnostic>,
}

impl Diff {
    /// The version that the changes call for.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        let worst = self.changes.iter().map(Change::effect).max();
        worst.map_or(Verdict::Patch, Verdict::from)
    }

    /// How many changes have this effect.
    #[must_use]
    pub fn count(&self, effect: Effect) -> usize {
        let changes = self.changes.iter();
        changes.filter(|change| change.effect() == effect).count()
    }

    /// The verdict and the changes as JSON, in a form that is kept stable.
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({
            "verdict": self.verdict().name(),
            "breaking": self.count(Effect::Breaking),
            "additive": self.count(Effect::Additive),
            "neutral": self.count(Effect::Neutral),
            "changes": self.changes.iter().map(Change::to_json).collect::<Vec<_>>(),
        })
    }
}
