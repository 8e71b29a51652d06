//! Which types have to be declared together?
//!
//! Where a type contains itself, something on the way has to be boxed, and what that
//! is depends on all that lead there. Every other type is declared as well alone.

use std::collections::BTreeSet;

use crate::model::{Module, TypeId};

/// The types that contain themselves, and those that contain such types.
pub(crate) fn leading(module: &Module) -> BTreeSet<TypeId> {
    let mut users = vec![Vec::new(); module.types.len()];
    // Of how many parts of each type it isn't known yet that they lead to none.
    let mut unknown = vec![0_usize; module.types.len()];
    for (index, it) in module.types.iter().enumerate() {
        for part in it.shape.parts().into_iter().filter_map(|it| it.declared()) {
            users[part.0].push(index);
            unknown[index] += 1;
        }
    }
    let is_known = |index: &usize| unknown[*index] == 0;
    let mut known: Vec<usize> = (0..unknown.len()).filter(is_known).collect();
    while let Some(index) = known.pop() {
        for user in std::mem::take(&mut users[index]) {
            unknown[user] -= 1;
            if unknown[user] == 0 {
                known.push(user);
            }
        }
    }
    let is_leading = |index: &usize| unknown[*index] > 0;
    let leading = (0..unknown.len()).filter(is_leading);
    leading.map(TypeId).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::leading;
    use crate::lower;

    #[test]
    fn what_leads_into_a_circle_is_declared_with_it() {
        let schema = json!({
            "type": "object",
            "properties": {
                "circle": {"$ref": "#/$defs/Outer"},
                "line": {"$ref": "#/$defs/Plain"},
            },
            "$defs": {
                "Outer": {"type": "object", "properties": {"node": {"$ref": "#/$defs/Node"}}},
                "Node": {"type": "object", "properties": {
                    "next": {"$ref": "#/$defs/Node"},
                    "leaf": {"$ref": "#/$defs/Leaf"},
                }},
                "Leaf": {"type": "object", "properties": {"a": {"type": "string"}}},
                "Plain": {"type": "object", "properties": {"leaf": {"$ref": "#/$defs/Leaf"}}},
            },
        });
        let module = lower::schema("a.json", &schema, "Root").expect("a module");
        let mut names: Vec<&str> = leading(&module)
            .into_iter()
            .map(|id| module.get(id).name.as_str())
            .collect();
        names.sort_unstable();
        assert_eq!(names, ["Node", "Outer", "Root"]);
    }
}
