//! Keywords of schemas that were skipped, and differ.

use std::collections::BTreeSet;

use super::{Sides, Walk};
use apifox_document::diagnostics::Diagnostic;
use apifox_document::members::Holds;
use apifox_document::pointer::{JsonPointerExt as _, JsonValueExt as _};

impl Walk<'_> {
    /// Adds that keywords which were skipped in either document are not compared, where they
    /// differ.
    pub(super) fn skipped(&mut self, skipped: &[Diagnostic]) {
        let keywords = skipped.iter().filter_map(|diagnostic| {
            let keyword = diagnostic.keyword.as_deref()?;
            Some((diagnostic.pointer.as_str(), keyword))
        });
        for (schema, keyword) in keywords.collect::<BTreeSet<_>>() {
            let (old, new) = (self.old.value_at(schema), self.new.value_at(schema));
            let (Some(old), Some(new)) = (old, new) else {
                continue;
            };
            let (a, b) = (old.get(keyword), new.get(keyword));
            let place = schema.child(keyword);
            if a != b && !self.told.is_told_to_break_nearby(&place) {
                let sides = Sides::new((&place, a), (&place, b));
                self.not_compared(Holds::Anything, keyword, sides);
            }
        }
    }
}
