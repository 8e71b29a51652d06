//! Schemas that a translation puts elsewhere, and the references to them.

use serde_json::Value;

use super::Dialect;
use crate::moves::{rename, rename_keys};
use crate::pointer::{decoded, encoded};

impl Dialect<'_> {
    /// Takes note that the schemas at and below `from` are at and below `to`.
    pub(super) fn schemas_moved(&mut self, from: &str, to: &str) {
        self.moves.insert(from, to);
        rename(&mut self.translated, from, to);
        rename(&mut self.used, from, to);
        rename_keys(&mut self.references, from, to);
        rename_keys(&mut self.nullable, from, to);
    }

    /// Makes each reference lead to where its target is now.
    pub(super) fn follow_moves(&mut self, json: &mut Value) {
        for (place, target) in &mut self.references {
            let now = self.moves.current(target);
            if now == *target {
                continue;
            }
            let schema = json.pointer_mut(place);
            if let Some(Value::String(written)) = schema.and_then(|schema| schema.get_mut("$ref")) {
                // References of one schema start from there.
                let pointer = decoded(written.strip_prefix('#').unwrap_or(written));
                let root = target.strip_suffix(&*pointer).unwrap_or_default();
                let pointer = now.strip_prefix(root).unwrap_or(&now);
                *written = format!("#{}", encoded(pointer));
            }
            *target = now;
        }
    }
}
