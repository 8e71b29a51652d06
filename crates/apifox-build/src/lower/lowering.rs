//! The types of one document while they are put together.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashSet};

use apifox_runtime::{Draft, References};
use serde_json::Value;
use typed_arena::Arena;

use super::hint::Hint;
use super::share::{SharedTypes, share};
use super::type_table::{Reserved, TypeTable, VisitState};
use crate::model::{Docs, GuardedBy, ModuleScope, Shape, Type, TypeId, TypeRef};
use crate::names;
use crate::schema::{Schema, View};
use crate::settings::Settings;
use apifox_document::api::Api;
use apifox_document::diagnostics::{Diagnostic, Diagnostics};
use apifox_document::schema::validate::SchemaValidator;

/// The types of one document while they are put together.
pub(super) struct Lowering<'d> {
    pub source: Source<'d>,
    pub base: Base<'d>,
    pub types: TypeTable,
    /// The module that types are made in.
    pub scope: ModuleScope,
    pub progress: Progress,
    /// The schemas that guards are compiled from.
    pub guards: Vec<GuardedBy>,
    pub problems: Vec<Diagnostic>,
    /// Compiles schemas as well, which types ask about values.
    pub validator: RefCell<SchemaValidator<'d>>,
}

/// What is lowered, and how.
#[derive(Clone, Copy)]
pub(super) struct Source<'d> {
    pub file: &'d str,
    /// The document, in whose words the API is not written anew.
    pub document: &'d Value,
    pub api: &'d Api,
    pub settings: &'d Settings,
    /// The names that types were given, which no other may have.
    pub given_names: &'d BTreeMap<String, String>,
    /// The callers' types for schemas, by the places of these.
    pub replaced: &'d [(String, String)],
    /// Keeps the schemas that are made on the way.
    pub arena: &'d Arena<Value>,
}

/// Where references start from.
pub(super) struct Base<'d> {
    /// The schema that they start from, and its place in the document.
    pub root: Schema<'d>,
    pub references: References,
}

/// How far it is with the schema that is being lowered.
#[derive(Default)]
pub(super) struct Progress {
    /// How many schemas are being lowered, each for the one before.
    pub depth: usize,
    /// The places of schemas that are merged into the one being lowered.
    pub merged: Vec<String>,
    /// The places of schemas that no type says exactly.
    pub inexact: HashSet<String>,
}

impl<'d> Lowering<'d> {
    pub fn new(source: Source<'d>) -> Self {
        let mut lowering = Self {
            source,
            base: Base {
                root: Schema::new(&source.api.json, String::new()),
                references: References::new(&Value::Null, Draft::Latest),
            },
            types: TypeTable::default(),
            scope: ModuleScope::Document,
            progress: Progress::default(),
            guards: Vec::new(),
            problems: Vec::new(),
            validator: RefCell::new(SchemaValidator::new(&source.api.inexact)),
        };
        if source.api.is_shared {
            lowering.start_from_document();
        }
        lowering.types.take(source.given_names);
        lowering
    }

    /// Runs `lower`, and drops every type that it made if it returns `None`.
    pub fn attempt<T>(&mut self, lower: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        self.types.begin_child();
        let made = lower(self);
        match made {
            Some(_) => self.types.merge_child(),
            None => self.types.drop_child(),
        }
        made
    }

    /// Lowers a schema that is not part of another one; `None` when it is invalid, which
    /// is reported. Its type is named exactly `name`.
    pub fn root(&mut self, schema: Schema<'d>, name: &str) -> Option<TypeId> {
        let (made, name) = self.named_root(schema, name)?;
        Some(self.own_type(made, &name))
    }

    /// Lowers a schema that is not part of another one. The name that comes with its type
    /// is reserved for it, but the type may have another.
    pub fn named_root(&mut self, schema: Schema<'d>, name: &str) -> Option<(TypeRef, String)> {
        let name = self.claim(&[names::type_name(name)]);
        let made = self.whole_schema(schema, &Hint::kept(&name))?;
        Some((made, name))
    }

    /// Lowers a schema that is not part of another one; `None` when it is invalid, which
    /// is reported.
    pub fn whole_schema(&mut self, mut schema: Schema<'d>, hint: &Hint) -> Option<TypeRef> {
        let Source { file, api, .. } = self.source;
        let base = match api.is_shared {
            true => &self.base.root,
            false => &schema,
        };
        let base = (base.value, &*base.pointer);
        match self
            .validator
            .get_mut()
            .validate(file, base, schema.located(), &api.models)
        {
            Ok(draft) => schema.draft = draft,
            Err(problems) => {
                self.problems.extend(problems);
                return None;
            }
        }
        if !api.is_shared {
            self.start_from(&schema, &hint.name);
        }
        self.types.next_root();
        match api.models.get(&schema.pointer) {
            Some(model) => self.model(&schema, &model.name),
            None => self.schema(&schema, hint),
        }
    }

    /// The type called `name` that is, or stands for, another one.
    fn own_type(&mut self, made: TypeRef, name: &str) -> TypeId {
        let own = match made {
            TypeRef::Declared(id) if self.types.is_renameable(id, self.scope) => id,
            made => self.wrapper(made),
        };
        self.types.rename_root(own, name);
        own
    }

    /// A type without a name that stands for another one.
    fn wrapper(&mut self, inner: TypeRef) -> TypeId {
        let docs = match &inner {
            TypeRef::Declared(id) => self.types.get(*id).map(|inner| inner.docs.clone()),
            _ => None,
        };
        let id = self.types.reserve();
        self.fill(
            (id, String::new()),
            docs.unwrap_or_default(),
            Shape::Transparent(inner),
        );
        id
    }

    /// The type of the items of an array or of the members of a map: one with a name where
    /// it holds others without one too deeply. typify takes far more of the stack for each
    /// of these than for a name.
    pub fn held(&mut self, of: TypeRef, hint: &Hint) -> TypeRef {
        const DEEPEST: usize = 4;
        let within = |of: &TypeRef| match of {
            TypeRef::Array(inner) | TypeRef::Map(inner) | TypeRef::Nullable(inner) => {
                Some((**inner).clone())
            }
            _ => None,
        };
        let nested = std::iter::successors(Some(of.clone()), within);
        if nested.take(DEEPEST + 1).count() <= DEEPEST {
            return of;
        }
        let reserved = self.reserve(hint);
        self.fill(reserved, Docs::default(), Shape::Transparent(of))
    }

    /// The schema at a place of the document.
    pub fn at(&self, place: &str) -> Option<Schema<'d>> {
        let value = self.source.api.json.pointer(place)?;
        Some(Schema::new(value, place.to_owned()))
    }

    /// The first of `candidates` that is free in the module that types are made in.
    pub fn claim(&mut self, candidates: &[String]) -> String {
        self.types.claim(self.scope, candidates)
    }

    /// Takes a place and a name for the type of a schema, which may contain itself.
    pub fn reserve_for(&mut self, schema: &Schema<'d>, hint: &Hint) -> Reserved {
        let known = match self.types.visit(&schema.pointer) {
            Some(VisitState::Open(_, reserved)) if is_whole(schema) => reserved.clone(),
            _ => return self.reserve(hint),
        };
        known.unwrap_or_else(|| {
            let reserved = self.reserve(hint);
            self.types
                .reserve_open(&schema.pointer, self.scope, &reserved);
            reserved
        })
    }

    /// Takes a place and a name for a type that is not that of a whole schema.
    pub fn reserve(&mut self, hint: &Hint) -> Reserved {
        if let Some(name) = &hint.kept
            && let Some(id) = self.types.reserve_root()
        {
            return (id, name.clone());
        }
        if let Some(name) = &hint.given {
            let mut kept = self.source.given_names.values();
            let is_kept = self.scope == ModuleScope::Document && kept.any(|one| one == name);
            let name = match is_kept {
                true => name.clone(),
                false => self.claim(std::slice::from_ref(name)),
            };
            let id = self.types.reserve();
            self.types.set_stem(id, name.clone());
            return (id, name);
        }
        let own = names::type_name(&hint.name);
        let with_parent = names::type_name(&format!("{}_{}", hint.parent, hint.name));
        let name = self.claim(&[own.clone(), with_parent]);
        let id = self.types.reserve();
        self.types.set_stem(id, own);
        (id, name)
    }

    /// Takes a place for an operation's type with this name, or one like it.
    pub fn reserve_named(&mut self, name: &str) -> Reserved {
        let name = self.claim(&[name.to_owned()]);
        (self.types.reserve_own(), name)
    }

    /// The same for parameters, which those of other operations may turn out to equal: what they
    /// share is called `stem`.
    pub fn reserve_shared(&mut self, name: &str, stem: String) -> Reserved {
        let name = self.claim(&[name.to_owned()]);
        (self.types.reserve_parameters(stem), name)
    }

    /// Declares a type where a place was taken for it.
    pub fn fill(&mut self, (id, name): Reserved, docs: Docs, shape: Shape) -> TypeRef {
        let scope = self.scope;
        let declared = Type {
            name,
            scope,
            docs,
            shape,
        };
        self.types.fill(id, declared)
    }

    /// Declares the type of a schema.
    pub fn declare(&mut self, schema: &Schema<'d>, hint: &Hint, shape: Shape) -> TypeRef {
        let reserved = self.reserve_for(schema, hint);
        self.fill(reserved, schema.docs(), shape)
    }

    /// The types that `used` leads to and what guards them, or all that is wrong.
    pub fn finish(
        mut self,
        used: Vec<TypeId>,
    ) -> Result<(SharedTypes, Vec<GuardedBy>), Diagnostics> {
        Diagnostics(std::mem::take(&mut self.problems)).into_result()?;
        let shared = share(std::mem::take(&mut self.types).into_made(), used);
        self.prune_guards(&shared.types);
        Ok((shared, self.guards))
    }
}

/// Whether all of a schema of the document is looked at.
pub(super) fn is_whole(schema: &Schema<'_>) -> bool {
    schema.view == View::default()
}
