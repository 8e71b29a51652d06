//! What changed between two documents, for those who call the API.
//!
//! Accept-sets are compared, not texts. A request has to be accepted as before,
//! so a schema of requests may grow; a reply has to be one that may have come
//! before, so a schema of replies may shrink. Reordered keys, a reference instead
//! of what it leads to, renamed models, `const` for an `enum` of one and the like
//! are no changes; words, defaults and formats are told, and neutral.
//!
//! Nothing breaking is told as less: where two schemas can't be compared, the
//! change is [`Relation::Unknown`] and counts as breaking. What is decided by
//! sense, not by sets:
//!
//! - A property that only the new document names is additive: so far it could
//!   hold anything, if anybody sent it. If it is required, it breaks requests.
//! - A property that only the old document names is gone: requests with it are
//!   still accepted, which is additive; replies without it break who reads it.
//! - Parameters and fields of forms are a closed list: one that is gone breaks.
//! - A new status of success breaks, unless there is a reply for all statuses; a new
//!   status of failure is additive, as any call may fail in ways not listed.

mod bodies;
mod change;
mod credentials;
mod documents;
mod notes;
mod operations;
mod parameters;
mod replies;
mod schema;
mod tell;

pub use change::{Change, Effect, Relation, Role, Verdict};
pub use documents::{diff, diff_files};

use serde_json::{Value, json};

use apifox_document::diagnostics::Diagnostic;

/// What changed between two documents.
#[derive(Clone, Debug, Default)]
pub struct Diff {
    /// The changes, in the order of the old document, with those of its operations
    /// together.
    pub changes: Vec<Change>,
    /// What of either document is not whole or makes no sense, and was passed over.
    pub warnings: Vec<Diagnostic>,
}

impl Diff {
    /// The version that the changes ask for.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        let worst = self.changes.iter().map(Change::effect).max();
        worst.map_or(Verdict::Patch, Verdict::from)
    }

    /// How many changes have this effect.
    #[must_use]
    pub fn count(&self, effect: Effect) -> usize {
        let changes = self.changes.iter();
        changes.filter(|it| it.effect() == effect).count()
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
