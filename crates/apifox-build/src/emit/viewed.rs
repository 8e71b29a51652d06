//! Which types does a guard look at?

use std::collections::HashSet;

use crate::model::{Module, Shape, TypeId, TypeRef};

/// The types that a guard may come across. Where one of them is the caller's, who need
/// not know of views, the guard goes by what the value encodes to.
#[derive(Debug, Default)]
pub(super) struct Viewed {
    types: HashSet<TypeId>,
}

impl Viewed {
    pub fn new(module: &Module) -> Self {
        let guarded = module
            .types
            .iter()
            .filter_map(|declared| match &declared.shape {
                Shape::Guarded(guarded) => Some(&guarded.of),
                _ => None,
            });
        let mut types = HashSet::new();
        if reach(module, guarded.clone().collect(), &mut types) {
            return Self { types };
        }
        // Somewhere there is a type of the caller's, so each guard is looked at alone.
        types.clear();
        for inner in guarded {
            let mut seen = HashSet::new();
            if reach(module, vec![inner], &mut seen) {
                types.extend(seen);
            }
        }
        Self { types }
    }

    /// Whether a guard looks at a type.
    pub fn has(&self, id: TypeId) -> bool {
        self.types.contains(&id)
    }

    /// Whether a guard can look at values of `of`.
    pub fn shows(&self, of: &TypeRef) -> bool {
        match of {
            TypeRef::Declared(id) => self.has(*id),
            TypeRef::Array(of) | TypeRef::Map(of) | TypeRef::Nullable(of) => self.shows(of),
            _ => true,
        }
    }
}

/// Collects the types that `pending` leads to; whether none of them is the caller's.
fn reach<'m>(
    module: &'m Module,
    mut pending: Vec<&'m TypeRef>,
    seen: &mut HashSet<TypeId>,
) -> bool {
    let mut are_all_ours = true;
    while let Some(of) = pending.pop() {
        match of {
            TypeRef::Array(of) | TypeRef::Map(of) | TypeRef::Nullable(of) => pending.push(of),
            TypeRef::Declared(id) if seen.insert(*id) => {
                let shape = &module.get(*id).shape;
                are_all_ours &= !matches!(shape, Shape::Foreign(_));
                pending.extend(shape.parts());
            }
            _ => {}
        }
    }
    are_all_ours
}
