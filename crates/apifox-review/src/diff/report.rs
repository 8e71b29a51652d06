//! All changes between two documents, and the verdict on them.

use std::collections::HashMap;

use serde::ser::{Serialize, SerializeStruct as _, Serializer};
use serde_json::Value;

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

/// A change of one part of the documents, and the other places that use this part.
#[derive(Clone, Debug)]
pub struct DistinctChange<'d> {
    /// The change, where it is met first.
    pub change: &'d Change,
    /// The same change at other places: of other operations, or of the same one.
    pub elsewhere: Vec<&'d Change>,
}

impl Diff {
    /// Adds warnings, each once.
    pub(super) fn add_warnings(&mut self, warnings: &[Diagnostic]) {
        for warning in warnings {
            if !self.warnings.contains(warning) {
                self.warnings.push(warning.clone());
            }
        }
    }

    /// What changed, each once: a schema that many operations refer to is told for each of them
    /// in [`changes`](Self::changes), and here for the first.
    #[must_use]
    pub fn distinct(&self) -> Vec<DistinctChange<'_>> {
        let mut distinct: Vec<DistinctChange<'_>> = Vec::new();
        let mut first = HashMap::with_capacity(self.changes.len());
        for change in &self.changes {
            let is_placed = change.old.is_some() || change.new.is_some();
            let place = (&change.file, &change.old, &change.new);
            let what = (
                &change.keyword,
                &change.message,
                change.request,
                change.reply,
            );
            let index = *first.entry((place, what)).or_insert(distinct.len());
            match distinct.get_mut(index) {
                Some(told) if is_placed => told.elsewhere.push(change),
                _ => distinct.push(DistinctChange {
                    change,
                    elsewhere: Vec::new(),
                }),
            }
        }
        distinct
    }

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

    /// What it is written as, as JSON.
    #[must_use]
    pub fn to_json(&self) -> Value {
        // Texts and numbers are always JSON.
        serde_json::to_value(self).unwrap_or_default()
    }
}

/// The verdict and the changes, in a form that is kept stable. There may be a hundred thousand:
/// they are written one after the other.
impl Serialize for Diff {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut diff = serializer.serialize_struct("Diff", 5)?;
        diff.serialize_field("verdict", self.verdict().name())?;
        diff.serialize_field("breaking", &self.count(Effect::Breaking))?;
        diff.serialize_field("additive", &self.count(Effect::Additive))?;
        diff.serialize_field("neutral", &self.count(Effect::Neutral))?;
        diff.serialize_field("changes", &self.changes)?;
        diff.end()
    }
}
