//! The types that were made so far, and the schemas that they were made for.

use std::collections::{BTreeSet, HashMap};
use std::hash::Hash;
use std::iter::successors;
use std::mem::take;

use super::hint::Hint;
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
    /// The schemas that were visited, by place.
    visited: HashMap<String, VisitState>,
    /// The types of schemas that others refer to.
    models: BTreeSet<TypeId>,
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

    /// Drops this table and continues in its parent.
    pub fn drop_child(&mut self) {
        if let Some(parent) = self.parent.take() {
            *self = *parent;
        }
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
        self.root = Some(self.reserve());
        self.root
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

    /// All types.
    pub fn types(&self) -> impl Iterator<Item = &Type> {
        self.types.values()
    }

    /// All types, in the order in which places were taken for them.
    pub fn into_types(self) -> Vec<Type> {
        let mut types: Vec<(TypeId, Type)> = self.types.into_iter().collect();
        types.sort_by_key(|(id, _)| id.0);
        types.into_iter().map(|(_, declared)| declared).collect()
    }
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
