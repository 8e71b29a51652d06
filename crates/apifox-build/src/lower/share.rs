//! Types that say the same become one, and those that nothing uses are dropped.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

use super::type_table::MadeTypes;
use crate::model::{Alternative, Docs, Field, ModuleScope, Shape, Type, TypeId, TypeRef, Variant};

/// How often types are compared: once more than parts lie in each other that are equal.
const ROUNDS: usize = 40;

/// The types that are declared, and where each of those that were made is among them.
pub(crate) struct SharedTypes {
    pub types: Vec<Type>,
    pub places: HashMap<TypeId, TypeId>,
}

/// Merges equal types, and keeps those that `used` leads to.
pub(crate) fn share(mut made: MadeTypes, used: Vec<TypeId>) -> SharedTypes {
    let mut stands_for = HashMap::new();
    let mut known = HashMap::new();
    let mut changed: Vec<TypeId> = made.types.keys().copied().collect();
    for _ in 0..ROUNDS {
        let equal = equal_types(&mut made, &mut known, changed);
        if equal.is_empty() {
            break;
        }
        made.types.retain(|id, _| !equal.contains_key(id));
        changed = replace(&mut made, &equal);
        stands_for.extend(equal);
    }
    let resolved = |mut id: TypeId| {
        while let Some(other) = stands_for.get(&id) {
            id = *other;
        }
        id
    };
    let used = reached(&made, used.into_iter().map(resolved).collect());
    let mut kept: Vec<TypeId> = used.into_iter().collect();
    kept.sort();
    let mut places: HashMap<TypeId, TypeId> = HashMap::new();
    places.extend(kept.iter().enumerate().map(|(at, id)| (*id, TypeId(at))));
    let mut types: Vec<Type> = kept.iter().filter_map(|id| made.types.remove(id)).collect();
    for part in types.iter_mut().flat_map(|one| one.shape.parts_mut()) {
        part.map_types(&|id| *places.get(&id).unwrap_or(&id));
    }
    let merged = stands_for
        .keys()
        .filter_map(|id| Some((*id, *places.get(&resolved(*id))?)));
    let merged: Vec<_> = merged.collect();
    places.extend(merged);
    SharedTypes { types, places }
}

/// Has all types refer to others in place of those that equal them; the types that did.
fn replace(made: &mut MadeTypes, equal: &HashMap<TypeId, TypeId>) -> Vec<TypeId> {
    let mut changed = Vec::new();
    for (id, declared) in &mut made.types {
        let mut parts = declared.shape.parts_mut();
        parts.retain(|part| part.id().is_some_and(|id| equal.contains_key(&id)));
        if !parts.is_empty() {
            changed.push(*id);
        }
        for part in parts {
            part.map_types(&|id| *equal.get(&id).unwrap_or(&id));
        }
    }
    changed
}

/// The types that `pending` leads to.
fn reached(made: &MadeTypes, mut pending: Vec<TypeId>) -> HashSet<TypeId> {
    let mut reached = HashSet::new();
    while let Some(id) = pending.pop() {
        if let Some(declared) = made.types.get(&id).filter(|_| reached.insert(id)) {
            pending.extend(declared.shape.parts().into_iter().filter_map(TypeRef::id));
        }
    }
    reached
}

/// Those of the types `ids` that equal another, and which: that of a schema with a name
/// first. What is `known` of all stands under what equal types have in common.
fn equal_types(
    made: &mut MadeTypes,
    known: &mut HashMap<String, TypeId>,
    mut ids: Vec<TypeId>,
) -> HashMap<TypeId, TypeId> {
    ids.sort_by_key(|id| (!made.models.contains(id), *id));
    let mut equal = HashMap::new();
    for id in ids {
        if made.roots.contains(&id) {
            continue;
        }
        let Some(key) = key(made, id) else {
            continue;
        };
        match known.get(&key) {
            None => {
                known.insert(key, id);
            }
            // A document that gives two names means two types.
            Some(_) if made.models.contains(&id) => {}
            Some(other) => {
                equal.insert(id, *other);
                share_name(made, id, *other);
            }
        }
    }
    equal
}

/// Moves a type that stands for one of another module to the document's.
fn share_name(made: &mut MadeTypes, id: TypeId, other: TypeId) {
    let scope = made.types.get(&id).map(|declared| declared.scope);
    let Some(declared) = made.types.get_mut(&other) else {
        return;
    };
    if scope != Some(declared.scope) && declared.scope != ModuleScope::Document {
        let stem = made.stems.get(&other).unwrap_or(&declared.name);
        let own = (!made.parameters.contains(&other)).then(|| declared.name.clone());
        let names: Vec<String> = [stem.clone()].into_iter().chain(own).collect();
        declared.name = made.names.claim(&names);
        declared.scope = ModuleScope::Document;
    }
}

/// What equal types have in common; `None` for those that are never merged.
fn key(made: &MadeTypes, id: TypeId) -> Option<String> {
    let declared = made.types.get(&id)?;
    let mut key = String::new();
    put_docs(&mut key, &declared.docs);
    // Rules of scalars are alike by chance; their names say what they mean.
    let stem = made.stems.get(&id);
    match &declared.shape {
        Shape::Struct(shape) => {
            // Parameters are no body, nor are those of another location.
            put(&mut key, &stem.filter(|_| made.parameters.contains(&id)));
            shape
                .fields
                .iter()
                .for_each(|field| put_field(&mut key, field));
            put(&mut key, &shape.additional);
        }
        Shape::Constants(variants) => put_variants(&mut key, variants),
        Shape::Suggestions(known) => {
            put(&mut key, &known.of);
            put_variants(&mut key, &known.variants);
        }
        Shape::Union(union) => {
            put(&mut key, &(union.exclusive, &union.statuses));
            let each = union.alternatives.iter();
            each.for_each(|Alternative { ident, of }| put(&mut key, &(ident, of)));
        }
        Shape::BoundedInt(bounded) => put(&mut key, &(stem?, bounded)),
        Shape::BoundedNumber(bounded) => put(&mut key, &(stem?, bounded)),
        Shape::Text(text) => put(&mut key, &(stem?, text)),
        Shape::Size(size) => put(&mut key, &(stem?, size)),
        Shape::Items(items) => put(&mut key, &(stem?, items)),
        Shape::Tuple(items) => put(&mut key, &(stem?, items)),
        Shape::Guarded(_) | Shape::Transparent(_) | Shape::Foreign(_) => return None,
    }
    Some(key)
}

fn put(key: &mut String, part: &impl std::fmt::Debug) {
    // Writing to a string never fails.
    let _ = write!(key, "{part:?};");
}

fn put_docs(key: &mut String, docs: &Docs) {
    put(key, &(&docs.title, &docs.description, &docs.default));
    put(key, &docs.is_deprecated);
}

fn put_field(key: &mut String, field: &Field) {
    put(key, &(&field.name, &field.ident, &field.of, field.presence));
    put_docs(key, &field.docs);
}

fn put_variants(key: &mut String, variants: &[Variant]) {
    for variant in variants {
        put(key, &(&variant.ident, &variant.value));
        put_docs(key, &variant.docs);
    }
}
