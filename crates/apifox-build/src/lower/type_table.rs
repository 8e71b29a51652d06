//! The types that were made so far, and the schemas that they were made for.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::hash::Hash;
use std::iter::successors;
use std::mem::take;

use super::hint::Hint;
use super::kept_models::kept_models;
use crate::model::{ModuleScope, Shape, Type, TypeId, TypeRef};
use crate::names::{self, Scope};

/// The types of a document.
///
/// A type that may turn out not to say all of its schema is made in a child: a table that
/// sees what its parent has, and is merged into it or dropped.
#[derive(Debug, Default)]
pub(super) struct TypeTable {
    parent: Option<Box<Self>>,
    /// How many types there are with those of the parent, reserved ones included.
    count: usize,
    types: HashMap<TypeId, Type>,
    names: HashMap<ModuleScope, Scope>,
    /// What types would be called where nothing else has the name.
    stems: HashMap<TypeId, String>,
    /// The schemas that were visited, by place.
    visited: HashMap<String, VisitState>,
    /// The types that were reserved for schemas that were begun in this table: it has them
    /// whatever becomes of its children.
    reserved: HashSet<TypeId>,
    /// The types of schemas that others refer to.
    models: BTreeSet<TypeId>,
    /// The types that operations, or a document, are about.
    roots: HashSet<TypeId>,
    /// The types of parameters of one location, and of a reply's headers.
    parameters: HashSet<TypeId>,
    /// The type that has taken the name kept for the root.
    root: Option<TypeId>,
}

/// A place and a name for a type.
pub(super) type Reserved = (TypeId, String);

/// How far a schema is.
#[derive(Clone, Debug)]
pub(super) enum VisitState {
    /// It is being lowered: what it may be called, and what stands for it, if anything.
    Open(Hint, Option<Reserved>),
    Done(TypeRef),
}

impl TypeTable {
    /// Continues in a child of this table.
    pub fn begin_child(&mut self) {
        let parent = take(self);
        *self = Self {
            count: parent.count,
            root: parent.root,
            parent: Some(Box::new(parent)),
            ..Self::default()
        };
    }

    /// Drops this table and continues in its parent, which keeps the types of schemas that
    /// others refer to: they would be made again.
    pub fn drop_child(&mut self) {
        let Some(parent) = self.parent.take() else {
            return;
        };
        let mut child = std::mem::replace(self, *parent);
        // A type that is kept may refer to any of these.
        self.count = child.count;
        let kept = kept_models(&child.types, &child.models, |id| self.is_known(id));
        for id in &kept {
            if let Some(declared) = child.types.remove(id) {
                let names = self.names.entry(declared.scope).or_default();
                names.take(&declared.name);
                self.types.insert(*id, declared);
            }
            if let Some(stem) = child.stems.remove(id) {
                self.stems.insert(*id, stem);
            }
        }
        self.models
            .extend(child.models.iter().filter(|id| kept.contains(id)));
        let visited = child.visited.into_iter().filter(|(_, state)| match state {
            VisitState::Done(of) => of.id().is_none_or(|id| kept.contains(&id)),
            VisitState::Open(..) => false,
        });
        let visited: Vec<_> = visited.collect();
        self.visited.extend(visited);
    }

    /// Whether a type is there, or will be, without the children of this table.
    fn is_known(&self, id: TypeId) -> bool {
        self.around()
            .any(|table| table.types.contains_key(&id) || table.reserved.contains(&id))
    }

    /// Merges this table into its parent and continues there.
    pub fn merge_child(&mut self) {
        let Some(parent) = self.parent.take() else {
            return;
        };
        let child = std::mem::replace(self, *parent);
        self.count = child.count;
        self.root = child.root;
        self.types = merged(take(&mut self.types), child.types);
        self.visited = merged(take(&mut self.visited), child.visited);
        self.stems = merged(take(&mut self.stems), child.stems);
        self.reserved.extend(child.reserved);
        self.roots.extend(child.roots);
        self.parameters.extend(child.parameters);
        self.models.extend(child.models);
        for (scope, names) in child.names {
            self.names.entry(scope).or_default().merge(names);
        }
    }

    /// This table and those around it, innermost first.
    fn around(&self) -> impl Iterator<Item = &Self> {
        successors(Some(self), |table| table.parent.as_deref())
    }

    /// A type; `None` while it is only reserved.
    pub fn get(&self, id: TypeId) -> Option<&Type> {
        self.around().find_map(|table| table.types.get(&id))
    }

    pub fn shape(&self, of: &TypeRef) -> Option<&Shape> {
        match of {
            TypeRef::Declared(id) => self.get(*id).map(|declared| &declared.shape),
            _ => None,
        }
    }

    /// Takes names in the document's module, and in no operation's: each has its own.
    pub fn take(&mut self, names: &BTreeMap<String, String>) {
        let scope = self.names.entry(ModuleScope::Document).or_default();
        names.values().for_each(|name| scope.take(name));
    }

    /// A place for a type.
    pub fn reserve(&mut self) -> TypeId {
        let id = TypeId(self.count);
        self.count += 1;
        id
    }

    /// A place for the type that the name kept for the root is for; `None` if it is taken.
    pub fn reserve_root(&mut self) -> Option<TypeId> {
        if self.root.is_some() {
            return None;
        }
        self.root = Some(self.reserve_own());
        self.root
    }

    /// A place for a type that an operation, or a document, is about.
    pub fn reserve_own(&mut self) -> TypeId {
        let id = self.reserve();
        self.roots.insert(id);
        id
    }

    /// Reserves a type for a schema that is being lowered, in the table where it was begun.
    pub fn reserve_open(&mut self, pointer: &str, scope: ModuleScope, reserved: &Reserved) {
        let root = self.root.filter(|id| *id == reserved.0);
        let mut table = Some(self);
        while let Some(at) = table {
            at.root = root.or(at.root);
            if let Some(VisitState::Open(_, known)) = at.visited.get_mut(pointer) {
                *known = Some(reserved.clone());
                at.reserved.insert(reserved.0);
                at.roots.extend(root);
                let names = at.names.entry(scope).or_default();
                names.take(&reserved.1);
                return;
            }
            table = at.parent.as_deref_mut();
        }
    }

    /// A place for the type of parameters, which only others of the same stem may equal.
    pub fn reserve_parameters(&mut self, stem: String) -> TypeId {
        let id = self.reserve();
        self.parameters.insert(id);
        self.set_stem(id, stem);
        id
    }

    pub fn set_stem(&mut self, id: TypeId, stem: String) {
        self.stems.insert(id, stem);
    }

    /// Frees the name kept for the root, for another root.
    pub fn next_root(&mut self) {
        self.root = None;
    }

    pub fn fill(&mut self, id: TypeId, declared: Type) -> TypeRef {
        self.types.insert(id, declared);
        TypeRef::Declared(id)
    }

    /// The first of `candidates` that is free in a module.
    pub fn claim(&mut self, scope: ModuleScope, candidates: &[String]) -> String {
        let around = successors(self.parent.as_deref(), |table| table.parent.as_deref());
        let around: Vec<&Scope> = around.filter_map(|table| table.names.get(&scope)).collect();
        let own = self.names.entry(scope).or_default();
        own.claim_within(candidates, &around)
    }

    pub fn visit(&self, pointer: &str) -> Option<&VisitState> {
        self.around().find_map(|table| table.visited.get(pointer))
    }

    pub fn set_visit(&mut self, pointer: &str, state: VisitState) {
        self.visited.insert(pointer.to_owned(), state);
    }

    pub fn add_model(&mut self, id: TypeId) {
        self.models.insert(id);
    }

    /// Whether a type is in this module and not shared by other schemas.
    pub fn is_renameable(&self, id: TypeId, scope: ModuleScope) -> bool {
        let is_model = self.around().any(|table| table.models.contains(&id));
        !is_model && self.get(id).is_some_and(|declared| declared.scope == scope)
    }

    /// Renames the root type to `name`; a type that has that name gets the root's old one or,
    /// if the root has none, a new one.
    ///
    /// A part may have taken the name where the root contains itself or only refers to
    /// another schema.
    pub fn rename_root(&mut self, root: TypeId, name: &str) {
        let Some(scope) = self.types.get(&root).map(|declared| declared.scope) else {
            return;
        };
        let has_name = |(id, declared): &(&TypeId, &Type)| {
            **id != root && declared.name == name && declared.scope == scope
        };
        let other = self.types.iter().find(has_name).map(|(id, _)| *id);
        self.roots.insert(root);
        let own = self.rename(root, name.to_owned());
        if let Some(other) = other {
            let free = match own.is_empty() {
                true => self.claim(scope, &[names::type_name(&format!("{name}_part"))]),
                false => own,
            };
            self.rename(other, free);
        }
    }

    /// Renames a type of this table; its name until then.
    fn rename(&mut self, id: TypeId, name: String) -> String {
        match self.types.get_mut(&id) {
            Some(declared) => std::mem::replace(&mut declared.name, name),
            None => String::new(),
        }
    }

    /// The types that have a name of their own in the document.
    pub fn named(&self) -> impl Iterator<Item = TypeId> {
        self.models.iter().chain(&self.roots).copied()
    }

    /// All types, once no more are made.
    pub fn into_made(mut self) -> MadeTypes {
        MadeTypes {
            names: self
                .names
                .remove(&ModuleScope::Document)
                .unwrap_or_default(),
            types: self.types,
            stems: self.stems,
            models: self.models,
            roots: self.roots,
            parameters: self.parameters,
        }
    }
}

/// The types of a document, once all are made.
#[derive(Debug)]
pub(crate) struct MadeTypes {
    pub types: HashMap<TypeId, Type>,
    pub stems: HashMap<TypeId, String>,
    pub models: BTreeSet<TypeId>,
    pub roots: HashSet<TypeId>,
    pub parameters: HashSet<TypeId>,
    /// The names that are taken in the document's module.
    pub names: Scope,
}

/// The entries of both; those of `child` win. The fewer are added to the more: otherwise
/// an entry would be moved once for each table around it.
fn merged<K: Eq + Hash, V>(mut parent: HashMap<K, V>, mut child: HashMap<K, V>) -> HashMap<K, V> {
    if parent.len() > child.len() {
        parent.extend(child);
        return parent;
    }
    for (key, value) in parent {
        child.entry(key).or_insert(value);
    }
    child
}
