//! From a document's schemas to the model: one function a kind of schema.
//!
//! A schema is first classified. A kind of type that says all of it is made of
//! it exactly; where no kind does, the type that says most of it is made, and
//! guarded with the schema itself.

mod array;
mod conjunction;
mod constants;
mod form;
mod number;
mod object;
mod operation;
mod shared;
mod text;
mod types;
mod union;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use apifox_runtime::{Checker, References};
use serde_json::Value;
use typed_arena::Arena;

use crate::model::{Docs, Guarded, GuardedBy, Shape, Space, Type, TypeId, Use};
use crate::names::{self, Scope};
use crate::schema::{Kind, Schema, View};
use crate::settings::Settings;
use apifox_document::api::{Api, Model};
use apifox_document::diagnostics::{Diagnostic, Diagnostics};
use apifox_document::schema::JsonType;
use apifox_document::schema::validate::SchemaValidator;

pub(crate) use operation::{module, schema};

/// What a type may be called, and whose part it is.
#[derive(Clone, Debug)]
pub(crate) struct Hint {
    /// The name of its own, not yet made Rust's.
    name: String,
    /// The Rust name of the type around it.
    parent: String,
    /// The Rust name that is kept for it.
    kept: Option<String>,
}

impl Hint {
    pub fn new(name: &str, parent: &str) -> Self {
        Self {
            name: name.to_owned(),
            parent: parent.to_owned(),
            kept: None,
        }
    }

    /// A hint for the type that has to have the Rust name `name`.
    fn kept(name: &str) -> Self {
        Self {
            kept: Some(name.to_owned()),
            ..Self::new(name, "")
        }
    }

    /// The hint for a part of the type that this one is for.
    fn part(&self, name: &str) -> Self {
        Self::new(&format!("{}_{name}", self.name), &self.parent)
    }
}

/// The types of one module while they are put together.
pub(crate) struct Lowering<'d> {
    file: String,
    types: Vec<Option<Type>>,
    names: Scope,
    /// The module that types are made in.
    space: Space,
    /// How many types there were when that module was begun, where it is an
    /// operation's: none of its own is among them.
    before_space: usize,
    problems: Vec<Diagnostic>,
    /// The schemas that were looked over.
    validator: SchemaValidator,
    /// The document, and the schemas in it that others refer to.
    document: &'d Value,
    settings: &'d Settings,
    models: &'d BTreeMap<String, Model>,
    /// Whether references start from the document.
    is_shared: bool,
    /// The types that stand for one of those.
    of_models: BTreeSet<TypeId>,
    /// Keeps the schemas that are made here.
    arena: &'d Arena<Value>,
    /// The schema that references start from, and its place in the document.
    root: Schema<'d>,
    references: References,
    /// The schemas of the document that were come by so far, by place.
    met: HashMap<String, Met>,
    /// The types that were reserved for schemas in `met` while those are open, with
    /// their keys, in the order of the types.
    reserved: Vec<(TypeId, String)>,
    /// The keys of `met` in the order they were added in.
    met_in_order: Vec<String>,
    /// The type that has taken the name kept for the root.
    kept_by: Option<TypeId>,
    /// The places of schemas that no type says exactly.
    inexact: HashSet<String>,
    /// The places of schemas that are merged into the one being lowered.
    gathered: Vec<String>,
    /// The schemas that guards are compiled from.
    guards: Vec<GuardedBy>,
    /// How many schemas are being lowered, each for the one before.
    depth: usize,
}

/// How deeply types may lie in each other: rustc gives up on what lies much deeper.
const DEEPEST: usize = 40;

/// A schema that was come by.
#[derive(Clone, Debug)]
enum Met {
    /// It is being lowered; what it may be called, and the type that stands for
    /// it, once it has one.
    Open(Hint, Option<(TypeId, String)>),
    Done(Use),
}

/// A state to return to when a kind of type turns out not to say it all.
struct Mark {
    types: usize,
    names: usize,
    met: usize,
}

impl<'d> Lowering<'d> {
    pub fn new(file: &str, api: &'d Api, arena: &'d Arena<Value>, settings: &'d Settings) -> Self {
        let document = &api.json;
        let mut lowering = Self {
            file: file.to_owned(),
            types: Vec::new(),
            names: Scope::default(),
            space: Space::Document,
            before_space: 0,
            problems: Vec::new(),
            validator: SchemaValidator::default(),
            document,
            settings,
            models: &api.models,
            is_shared: api.is_shared,
            of_models: BTreeSet::new(),
            reserved: Vec::new(),
            arena,
            root: Schema::new(document, String::new()),
            references: References::new(&Value::Null, apifox_runtime::Draft::Latest),
            met: HashMap::new(),
            met_in_order: Vec::new(),
            kept_by: None,
            inexact: HashSet::new(),
            gathered: Vec::new(),
            guards: Vec::new(),
            depth: 0,
        };
        if lowering.is_shared {
            lowering.start_from_the_document();
        }
        lowering
    }

    /// Lowers a schema that is no part of another one; `None` when it has
    /// problems, which are noted. Its type is called `name`, and no other is.
    pub fn root(&mut self, schema: Schema<'d>, name: &str) -> Option<TypeId> {
        let (of, name) = self.start(schema, name)?;
        Some(self.owned(of, &name))
    }

    /// Lowers a schema that is no part of another one. The name that comes with
    /// its type is kept for it, but the type may have one of its own.
    fn start(&mut self, schema: Schema<'d>, name: &str) -> Option<(Use, String)> {
        let name = self.claim(&[names::type_name(name)]);
        let of = self.within(schema, &Hint::kept(&name))?;
        Some((of, name))
    }

    /// Lowers a schema that is no part of another one; `None` when it has
    /// problems, which are noted.
    fn within(&mut self, mut schema: Schema<'d>, hint: &Hint) -> Option<Use> {
        let from = if self.is_shared { &self.root } else { &schema };
        let (from, this) = (from.located(), schema.located());
        match self.validator.validate(&self.file, from, this, self.models) {
            Ok(draft) => schema.draft = draft,
            Err(problems) => {
                self.problems.extend(problems);
                return None;
            }
        }
        if !self.is_shared {
            self.root = schema.clone();
            self.references = References::new(schema.value, schema.draft);
            let name = self.guard_name(&hint.name);
            self.guards.push(GuardedBy {
                name,
                json: schema.value.clone(),
                draft: schema.draft,
            });
        }
        self.kept_by = None;
        match self.models.get(&schema.pointer) {
            Some(model) => self.model(&schema, &model.name),
            None => self.schema(&schema, hint),
        }
    }

    /// A name that no guard has yet.
    fn guard_name(&self, name: &str) -> String {
        let name = names::constant_name(&format!("{name}_schema"));
        let is_taken = |name: &str| self.guards.iter().any(|it| it.name == name);
        let numbered = (2..).map(|number| format!("{name}_{number}"));
        let mut names = std::iter::once(name.clone()).chain(numbered);
        names.find(|it| !is_taken(it)).unwrap_or(name)
    }

    /// The type called `name` that is, or stands for, another one.
    fn owned(&mut self, of: Use, name: &str) -> TypeId {
        let own = match of {
            Use::Declared(id) if self.is_renameable(id) => id,
            of => {
                let docs = match &of {
                    Use::Declared(id) => self.types[id.0].as_ref().map(|it| it.docs.clone()),
                    _ => None,
                };
                self.types.push(Some(Type {
                    name: String::new(),
                    space: self.space,
                    docs: docs.unwrap_or_default(),
                    shape: Shape::Transparent(of),
                }));
                TypeId(self.types.len() - 1)
            }
        };
        self.settle(own, name);
        own
    }

    /// Whether a type is in this module, and no other schema's.
    fn is_renameable(&self, id: TypeId) -> bool {
        let space = self.types[id.0].as_ref().map(|it| it.space);
        space == Some(self.space) && !self.of_models.contains(&id)
    }

    /// Sees that the type of a root has its name, and no other type has it.
    ///
    /// A root that contains itself, or is no more than another schema, may have
    /// left its name to a part.
    fn settle(&mut self, own: TypeId, name: &str) {
        let space = self.space;
        let own_name = self.types[own.0].as_ref().map(|it| it.name.clone());
        let free = own_name.filter(|it| !it.is_empty());
        let part = names::type_name(&format!("{name}_part"));
        for index in self.before_space..self.types.len() {
            let has_name = |it: &Type| it.name == name && it.space == space;
            if index != own.0 && self.types[index].as_ref().is_some_and(has_name) {
                let other = match &free {
                    Some(free) => free.clone(),
                    None => self.claim(std::slice::from_ref(&part)),
                };
                if let Some(it) = &mut self.types[index] {
                    it.name = other;
                }
            }
        }
        if let Some(own) = &mut self.types[own.0] {
            name.clone_into(&mut own.name);
        }
    }

    /// The first of `candidates` that is free in this module.
    fn claim(&mut self, candidates: &[String]) -> String {
        let space = match self.space {
            Space::Document => String::new(),
            Space::Operation(index) => format!("{index}:"),
        };
        let within: Vec<String> = candidates.iter().map(|it| format!("{space}{it}")).collect();
        let mut claimed = self.names.claim(&within);
        claimed.split_off(space.len())
    }

    /// The types and what guards them, or all that is wrong.
    pub fn finish(mut self) -> Result<(Vec<Type>, Vec<GuardedBy>), Diagnostics> {
        Diagnostics(std::mem::take(&mut self.problems)).into_result()?;
        self.prune_guards();
        let types: Vec<Type> = self.types.into_iter().flatten().collect();
        Ok((types, self.guards))
    }

    /// Lowers one schema. `None` only for one that was merged from others and
    /// that no type says exactly: it stands nowhere, so it can't be guarded.
    fn schema(&mut self, schema: &Schema<'d>, hint: &Hint) -> Option<Use> {
        if schema.view != View::default() {
            return self.fresh(schema, hint);
        }
        let pointer = &schema.pointer;
        match self.met.get(pointer).cloned() {
            Some(Met::Done(done)) => return Some(done),
            // It contains itself, so it needs a name.
            Some(Met::Open(hint, _)) => {
                return Some(Use::Declared(self.reserve_for(schema, &hint).0));
            }
            None => {}
        }
        if let Some(path) = self.settings.type_for(&self.file, pointer) {
            let of = self.declare(schema, hint, Shape::Foreign(path.to_owned()));
            self.met.insert(pointer.clone(), Met::Done(of.clone()));
            self.met_in_order.push(pointer.clone());
            return Some(of);
        }
        let open = Met::Open(hint.clone(), None);
        self.met.insert(pointer.clone(), open);
        self.met_in_order.push(pointer.clone());
        let used = self.fresh(schema, hint)?;
        let used = match self.met.get(pointer).cloned() {
            Some(Met::Open(_, Some((id, name)))) if used != Use::Declared(id) => {
                self.fill(id, name, schema.docs(), self.guard(schema, used, false))
            }
            _ => used,
        };
        self.met.insert(pointer.clone(), Met::Done(used.clone()));
        Some(used)
    }

    fn fresh(&mut self, schema: &Schema<'d>, hint: &Hint) -> Option<Use> {
        self.depth += 1;
        let of = match self.depth > DEEPEST {
            true => self.untyped(schema, hint),
            false => self.typed(schema, hint),
        };
        self.depth -= 1;
        of
    }

    /// Any value, guarded.
    fn untyped(&mut self, schema: &Schema<'d>, hint: &Hint) -> Option<Use> {
        if schema.view.merged {
            return None;
        }
        let (id, name) = self.reserve_for(schema, hint);
        let shape = self.guard(schema, Use::Any, false);
        Some(self.fill(id, name, schema.docs(), shape))
    }

    fn typed(&mut self, schema: &Schema<'d>, hint: &Hint) -> Option<Use> {
        let (kind, is_enforced) = schema.classify();
        // What `$dynamicRef` means depends on the way to it, which a type forgets.
        let may_be_exact = is_enforced
            && !self.references.has_dynamic()
            && !(self.is_whole(schema) && self.inexact.contains(&schema.pointer));
        if may_be_exact {
            let mark = self.mark();
            if let Some(used) = self.exactly(&kind, schema, hint) {
                return Some(used);
            }
            self.return_to(mark);
        }
        // Those around it may start over: this is not tried again then.
        if self.is_whole(schema) {
            self.inexact.insert(schema.pointer.clone());
        }
        self.guarded(schema, hint)
    }

    /// Whether all of a schema of the document is looked at.
    fn is_whole(&self, schema: &Schema<'d>) -> bool {
        schema.view == View::default()
    }

    /// The type that says all of a schema of this kind, if there is one.
    fn exactly(&mut self, kind: &Kind<'d>, schema: &Schema<'d>, hint: &Hint) -> Option<Use> {
        match kind {
            Kind::Any => Some(Use::Any),
            Kind::Reference(target) => self.reference(schema, target),
            Kind::Conjunction => self.conjunction(schema, hint),
            Kind::Constants => self.constants(schema, hint),
            Kind::AnyOf => self.union(schema, "anyOf", hint),
            Kind::OneOf => self.union(schema, "oneOf", hint),
            Kind::Types(types) => self.types(schema, types, hint),
            Kind::Size => self.size(schema, hint),
            Kind::Type(JsonType::Null) => Some(Use::Null),
            Kind::Type(JsonType::Boolean) => Some(Use::Boolean),
            Kind::Type(JsonType::Number) => self.number(schema, hint),
            Kind::Type(JsonType::Integer) => {
                let of = self.integer(schema, hint)?;
                Some(self.suggestions(schema, of, hint))
            }
            Kind::Type(JsonType::String) => {
                let of = self.text(schema, hint);
                Some(self.suggestions(schema, of, hint))
            }
            Kind::Type(JsonType::Array) => self.array(schema, hint),
            Kind::Type(JsonType::Object) => self.object(schema, hint),
            Kind::Opaque => None,
        }
    }

    /// The type that says most of a schema, guarded with all of it.
    fn guarded(&mut self, schema: &Schema<'d>, hint: &Hint) -> Option<Use> {
        if schema.view.merged {
            return None;
        }
        let (id, name) = self.reserve_for(schema, hint);
        let weakened = schema.viewed(View {
            weakened: true,
            ..View::default()
        });
        let of = match self.references.has_dynamic() {
            true => Use::Any,
            false => self.loosely(&weakened, &hint.part("value"))?,
        };
        let has_parts = !self.references.has_dynamic() && weakened.enforces_parts();
        let shape = self.guard(schema, of, has_parts);
        Some(self.fill(id, name, schema.docs(), shape))
    }

    /// A type that accepts at least what a schema accepts.
    fn loosely(&mut self, schema: &Schema<'d>, hint: &Hint) -> Option<Use> {
        let (kind, _) = schema.classify();
        match kind {
            Kind::Types(types) => {
                let each = |one| {
                    let only = Some(one);
                    schema.viewed(View {
                        only,
                        ..View::default()
                    })
                };
                let each: Vec<_> = types.into_iter().map(each).collect();
                self.one_of_types(schema, &each, hint, Self::loosely)
            }
            Kind::Type(JsonType::Null) => Some(Use::Null),
            Kind::Type(JsonType::Number) => Some(Use::Number),
            Kind::Type(JsonType::Integer) => Some(Use::Integer),
            Kind::Type(JsonType::String) | Kind::Size => Some(Use::Text),
            Kind::Type(JsonType::Array) => self.loose_array(schema, hint),
            Kind::Type(JsonType::Object) => self.loose_object(schema, hint),
            Kind::Type(JsonType::Boolean) | Kind::Constants => Some(Use::Boolean),
            _ => Some(Use::Any),
        }
    }

    fn guard(&self, schema: &Schema<'d>, of: Use, has_parts: bool) -> Shape {
        /// Longer ones are better read in the document.
        const LONGEST: usize = 200;
        let asserts = |name: &&str| apifox_document::schema::keywords::applies(name).is_some();
        let rules: serde_json::Map<String, Value> = schema
            .keywords()
            .filter(asserts)
            .filter_map(|name| Some((name.to_owned(), schema.get(name)?.clone())))
            .collect();
        let rules = Value::Object(rules).to_string();
        Shape::Guarded(Guarded {
            rules: Some(rules).filter(|it| it.len() <= LONGEST),
            of,
            has_parts,
            by: self.guards.len() - 1,
            pointer: self.local(&schema.pointer).to_owned(),
        })
    }

    fn reference(&mut self, schema: &Schema<'d>, target: &str) -> Option<Use> {
        let found = self.target(schema, target)?;
        if let Some(model) = self.models.get(&found.pointer) {
            return self.model(&found, &model.name);
        }
        let name = target.rsplit(['/', '#']).next().unwrap_or(target);
        self.schema(&found, &Hint::new(name, ""))
    }

    /// The schema that a reference leads to; vetting has seen that it does.
    fn target(&self, schema: &Schema<'d>, target: &str) -> Option<Schema<'d>> {
        let pointer = self
            .references
            .target(self.local(&schema.pointer), target)?;
        Some(Schema {
            value: self.root.value.pointer(&pointer)?,
            pointer: format!("{}{pointer}", self.root.pointer),
            draft: schema.draft,
            view: View::default(),
        })
    }

    /// Asks the schema itself about values; `None` for one that stands nowhere.
    fn checker(&self, schema: &Schema<'d>) -> Option<Checker> {
        if schema.view.merged {
            return None;
        }
        let pointer = self.local(&schema.pointer);
        Checker::new(self.root.value, pointer, schema.draft).ok()
    }

    /// A place in the document as a place below the root schema.
    fn local<'p>(&self, pointer: &'p str) -> &'p str {
        pointer.strip_prefix(&self.root.pointer).unwrap_or(pointer)
    }

    /// Takes a place and a name for the type of a schema, which may contain
    /// itself.
    fn reserve_for(&mut self, schema: &Schema<'d>, hint: &Hint) -> (TypeId, String) {
        let is_whole = self.is_whole(schema);
        if is_whole && let Some(Met::Open(_, Some(reserved))) = self.met.get(&schema.pointer) {
            return reserved.clone();
        }
        let reserved = self.reserve(hint);
        if is_whole && let Some(Met::Open(_, open)) = self.met.get_mut(&schema.pointer) {
            *open = Some(reserved.clone());
            self.reserved.push((reserved.0, schema.pointer.clone()));
        }
        reserved
    }

    fn reserve(&mut self, hint: &Hint) -> (TypeId, String) {
        if let Some(name) = &hint.kept
            && self.kept_by.is_none()
        {
            let id = TypeId(self.types.len());
            self.types.push(None);
            self.kept_by = Some(id);
            return (id, name.clone());
        }
        let own = names::type_name(&hint.name);
        let with_parent = names::type_name(&format!("{}_{}", hint.parent, hint.name));
        let name = self.claim(&[own, with_parent]);
        self.types.push(None);
        (TypeId(self.types.len() - 1), name)
    }

    fn fill(&mut self, id: TypeId, name: String, docs: Docs, shape: Shape) -> Use {
        let space = self.space;
        self.types[id.0] = Some(Type {
            name,
            space,
            docs,
            shape,
        });
        Use::Declared(id)
    }

    fn declare(&mut self, schema: &Schema<'d>, hint: &Hint, shape: Shape) -> Use {
        let (id, name) = self.reserve_for(schema, hint);
        self.fill(id, name, schema.docs(), shape)
    }

    fn mark(&self) -> Mark {
        Mark {
            types: self.types.len(),
            names: self.names.len(),
            met: self.met_in_order.len(),
        }
    }

    /// Forgets all that was made since.
    fn return_to(&mut self, mark: Mark) {
        self.types.truncate(mark.types);
        self.of_models.split_off(&TypeId(mark.types));
        self.kept_by = self.kept_by.filter(|id| id.0 < mark.types);
        self.names.truncate(mark.names);
        for pointer in self.met_in_order.drain(mark.met..) {
            self.met.remove(&pointer);
        }
        let kept = self.reserved.partition_point(|(id, _)| id.0 < mark.types);
        for (_, pointer) in self.reserved.drain(kept..) {
            if let Some(Met::Open(_, reserved)) = self.met.get_mut(&pointer) {
                *reserved = None;
            }
        }
    }
}

/// The count that is the value of the keyword `name`, such as `minItems`; JSON
/// Schema lets it be written `2.0`.
fn count(schema: &Schema<'_>, name: &str) -> Option<u64> {
    let value = schema.get(name)?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a count too large for 64 bits is as good as the largest"
    )]
    value
        .as_u64()
        .or_else(|| value.as_f64().map(|it| it as u64))
}
