//! Schemas that a translation puts elsewhere, and the references to them.

use serde_json::{Map, Value, json};

use super::Dialect;
use crate::moves::{rename, rename_keys};
use crate::pointer::{JsonPointerExt as _, JsonValueExt as _, decoded, encoded};
use crate::schema::keywords::{Form, keyword};

impl Dialect<'_> {
    /// Takes note that the schemas at and below `from` are at and below `to`.
    pub(super) fn schemas_moved(&mut self, from: &str, to: &str) {
        self.moves.insert(from, to);
        rename(&mut self.translated, from, to);
        rename(&mut self.used, from, to);
        rename_keys(&mut self.references, from, to);
        rename_keys(&mut self.nullable, from, to);
    }

    /// Keeps a keyword that no longer applies to the schema at `place`, if references lead into
    /// it.
    pub(super) fn set_aside(
        &mut self,
        schema: &mut Map<String, Value>,
        place: &str,
        name: &str,
        value: Value,
    ) {
        if !self.has_used_parts(place, name) {
            return;
        }
        let kept = schema.entry("$defs").or_insert_with(|| Map::new().into());
        let Value::Object(kept) = kept else {
            return;
        };
        let mut own = name.to_owned();
        while kept.contains_key(&own) {
            own.push('_');
        }
        let place_of_kept = place.child("$defs").child(&own);
        let from = place.child(name);
        if keyword(name).is_some_and(|known| known.form == Form::Schema) {
            self.schemas_moved(&from, &place_of_kept);
            kept.insert(own, value);
        } else {
            self.schemas_moved(&from, &place_of_kept.child(name));
            kept.insert(own, json!({name: value}));
        }
    }

    /// Makes each reference lead to where its target is now. One that leads into what is skipped
    /// is skipped as well.
    pub(super) fn follow_moves(&mut self, json: &mut Value) {
        let mut lost = Vec::new();
        for (place, target) in &mut self.references {
            let now = self.moves.current(target);
            // An anchor of one schema is no place.
            let is_place = target.starts_with('/') && self.source.value_at(target).is_some();
            if is_place && !json.value_at(&now).is_some_and(may_be_schema) {
                lost.push((place.clone(), std::mem::take(target)));
            } else if now != *target {
                let written = json.pointer_mut(place).and_then(|it| it.get_mut("$ref"));
                if let Some(written) = written {
                    rewrite(written, target, &now);
                }
                *target = now;
            }
        }
        for (place, target) in lost {
            self.references.remove(&place);
            if let Some(Value::Object(members)) = json.pointer_mut(&place) {
                members.remove("$ref");
            }
            self.note_no_schema(&place, &target);
        }
    }
}

fn may_be_schema(value: &Value) -> bool {
    value.is_object() || value.is_boolean()
}

/// Makes a reference to `target` lead to where that is now.
fn rewrite(written: &mut Value, target: &str, now: &str) {
    let Some(reference) = written.as_str() else {
        return;
    };
    // References of one schema start from there.
    let pointer = decoded(reference.strip_prefix('#').unwrap_or(reference));
    let root = target.strip_suffix(&*pointer).unwrap_or_default();
    let pointer = now.strip_prefix(root).unwrap_or(now);
    *written = format!("#{}", encoded(pointer)).into();
}
