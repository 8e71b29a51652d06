//! Where references lead.

use apifox_document::place_name;
use apifox_document::pointer::decoded;
use apifox_runtime::{Checker, Draft, References};

use super::hint::Hint;
use super::lowering::Lowering;
use crate::model::{ModuleScope, TypeRef};
use crate::schema::{Schema, View};

impl<'d> Lowering<'d> {
    /// References start from the document, whose schemas share others.
    pub fn start_from_document(&mut self) {
        self.base.references = References::new(&self.source.api.json, Draft::Latest);
        self.add_shared_guards();
    }

    /// References start from this schema, which is called `name`.
    pub fn start_from(&mut self, schema: &Schema<'d>, name: &str) {
        self.base.root = schema.clone();
        self.base.references = References::new(schema.value, schema.draft);
        self.add_guards(schema, name);
    }

    pub fn reference(&mut self, schema: &Schema<'d>, target: &str) -> Option<TypeRef> {
        let found = self.target(schema, target)?;
        if let Some(model) = self.source.api.models.get(&found.pointer) {
            return self.model(&found, &model.name);
        }
        let name = match target.rsplit_once('/') {
            Some(_) => place_name(&found.pointer),
            None => decoded(target.trim_start_matches('#')),
        };
        self.schema(&found, &Hint::new(&name, ""))
    }

    /// Lowers a schema that others refer to; its type is in the document's module.
    pub fn model(&mut self, schema: &Schema<'d>, name: &str) -> Option<TypeRef> {
        let around = std::mem::replace(&mut self.scope, ModuleScope::Document);
        let made = self.schema(schema, &Hint::new(name, ""));
        self.scope = around;
        if let Some(id) = made.as_ref().and_then(TypeRef::id) {
            self.types.add_model(id);
        }
        made
    }

    /// The schema that a reference leads to; validation has checked that it resolves.
    pub fn target(&self, schema: &Schema<'d>, target: &str) -> Option<Schema<'d>> {
        let from = self.local(&schema.pointer);
        let pointer = self.base.references.target(from, target)?;
        let root = &self.base.root;
        Some(Schema {
            value: root.value.pointer(&pointer)?,
            pointer: format!("{}{pointer}", root.pointer),
            draft: schema.draft,
            view: View::default(),
        })
    }

    /// Asks the schema itself about values; `None` for one that stands nowhere.
    pub fn checker(&self, schema: &Schema<'d>) -> Option<Checker> {
        if schema.view.merged {
            return None;
        }
        let pointer = self.local(&schema.pointer);
        let mut validator = self.validator.borrow_mut();
        let schemas = validator.schemas(self.base.root.value, schema.draft);
        schemas.checker(pointer).ok()
    }

    /// A place in the document as a place below the schema that references start from.
    pub fn local<'p>(&self, pointer: &'p str) -> &'p str {
        let root = &self.base.root.pointer;
        pointer.strip_prefix(root).unwrap_or(pointer)
    }
}
