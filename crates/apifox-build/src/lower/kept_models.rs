//! What is kept of types whose schema turned out to need another.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::model::{Type, TypeId, TypeRef};

type Types = HashMap<TypeId, Type>;

/// The types of a dropped table that are whole without it: those of schemas that others
/// refer to, and their parts. Those that are known elsewhere are not lost with it.
pub(super) fn kept_models(
    types: &Types,
    models: &BTreeSet<TypeId>,
    is_known: impl Fn(TypeId) -> bool,
) -> HashSet<TypeId> {
    let lost = lost(types, is_known);
    let mut pending: Vec<TypeId> = models.iter().copied().collect();
    let mut kept = HashSet::new();
    while let Some(id) = pending.pop() {
        if !lost.contains(&id) && types.contains_key(&id) && kept.insert(id) {
            pending.extend(parts(types, id));
        }
    }
    kept
}

/// The types that lead to one that was reserved and never made.
fn lost(types: &Types, is_known: impl Fn(TypeId) -> bool) -> HashSet<TypeId> {
    let mut users: HashMap<TypeId, Vec<TypeId>> = HashMap::new();
    let mut pending = Vec::new();
    for id in types.keys() {
        for part in parts(types, *id) {
            if types.contains_key(&part) {
                users.entry(part).or_default().push(*id);
            } else if !is_known(part) {
                pending.push(*id);
            }
        }
    }
    let mut lost = HashSet::new();
    while let Some(id) = pending.pop() {
        if lost.insert(id) {
            pending.extend(users.get(&id).into_iter().flatten());
        }
    }
    lost
}

fn parts(types: &Types, id: TypeId) -> impl Iterator<Item = TypeId> {
    let parts = types.get(&id).map(|declared| declared.shape.parts());
    parts.into_iter().flatten().filter_map(TypeRef::id)
}
