//! Which types does a caller make?

use std::collections::HashSet;

use crate::model::{Module, TypeId, TypeRef};

/// The types that requests consist of; all types where there are no operations.
#[derive(Debug, Default)]
pub(super) struct Given {
    types: HashSet<TypeId>,
}

impl Given {
    pub fn new(module: &Module) -> Self {
        let requests = module.operations.iter().map(|own| own.request);
        let mut pending: Vec<TypeId> = match module.operations.is_empty() {
            true => (0..module.types.len()).map(TypeId).collect(),
            false => requests.collect(),
        };
        let mut types = HashSet::new();
        while let Some(id) = pending.pop() {
            if types.insert(id) {
                let parts = module.get(id).shape.parts();
                pending.extend(parts.into_iter().filter_map(TypeRef::id));
            }
        }
        Self { types }
    }

    pub fn has(&self, id: TypeId) -> bool {
        self.types.contains(&id)
    }
}
