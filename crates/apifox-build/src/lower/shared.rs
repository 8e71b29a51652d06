//! Documents whose schemas share others: references start from the document.

use apifox_runtime::{Draft, References};
use serde_json::Value;

use super::{Hint, Lowering};
use crate::model::{GuardedBy, Shape, Space, Use};
use crate::schema::Schema;
use apifox_document::schema::reachable::{closure, pruned};

impl<'d> Lowering<'d> {
    pub(super) fn start_from_the_document(&mut self) {
        self.references = References::new(self.document, Draft::Latest);
        self.guards.push(GuardedBy {
            name: "SCHEMAS".into(),
            json: Value::Null,
            draft: Draft::Latest,
        });
    }

    /// Lowers a schema that others refer to; its type is in the document's module.
    pub(super) fn model(&mut self, schema: &Schema<'d>, name: &str) -> Option<Use> {
        let around = std::mem::replace(&mut self.space, Space::Document);
        let of = self.schema(schema, &Hint::new(name, ""));
        self.space = around;
        if let Some(Use::Declared(id)) = of {
            self.of_models.insert(id);
        }
        of
    }

    /// Cuts the document that guards are compiled from down to what they need.
    pub(super) fn prune_guards(&mut self) {
        if !self.is_shared {
            return;
        }
        let shapes = self.types.iter().flatten().map(|it| &it.shape);
        let guarded = shapes.filter_map(|it| match it {
            Shape::Guarded(guarded) => Some(guarded.pointer.clone()),
            _ => None,
        });
        let needed = closure(self.document, guarded.collect());
        self.guards[0].json = pruned(self.document, &needed);
    }
}
