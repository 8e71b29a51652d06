//! Operations of a correction: each change after a `test` of what it replaces.

use serde_json::{Value, json};

use apifox_document::pointer::JsonPointerExt as _;

/// Changes to a document, without their reasons yet.
#[derive(Debug, Default)]
pub struct Patch(Vec<Value>);

impl Patch {
    /// No change: only the vendor can know what is right.
    pub fn empty() -> Self {
        Self::default()
    }

    pub fn replace(pointer: &str, old: &Value, new: impl Into<Value>) -> Self {
        let change = json!({"op": "replace", "path": pointer, "value": new.into()});
        Self::tested(pointer, old, change)
    }

    pub fn remove(pointer: &str, old: &Value) -> Self {
        Self::tested(pointer, old, json!({"op": "remove", "path": pointer}))
    }

    /// Adds a member to the object at `pointer`; or an item to the end of an array, under
    /// the name `-`.
    pub fn add(pointer: &str, parent: &Value, name: &str, value: impl Into<Value>) -> Self {
        let path = pointer.child(name);
        let change = json!({"op": "add", "path": path, "value": value.into()});
        Self::tested(pointer, parent, change)
    }

    /// Renames a member of the object at `pointer`.
    pub fn rename(pointer: &str, parent: &Value, from: &str, to: &str) -> Self {
        let path = pointer.child(to);
        let from = pointer.child(from);
        let change = json!({"op": "move", "from": from, "path": path});
        Self::tested(pointer, parent, change)
    }

    pub fn and(mut self, more: Self) -> Self {
        self.0.extend(more.0);
        self
    }

    fn tested(pointer: &str, old: &Value, change: Value) -> Self {
        let test = json!({"op": "test", "path": pointer, "value": old});
        Self(vec![test, change])
    }

    /// The operations, each with the reason that a correction has to give.
    pub fn with_reasons(self, message: &str, help: &str) -> Vec<Value> {
        let with_reason = |mut operation: Value| {
            let why = match operation["op"] == "test" {
                true => sentence(message),
                false => sentence(help),
            };
            operation["why"] = why.into();
            operation
        };
        self.0.into_iter().map(with_reason).collect()
    }
}

/// `text` with a capital letter and a full stop.
fn sentence(text: &str) -> String {
    let mut rest = text.chars();
    let first = rest.next().map(char::to_uppercase).into_iter().flatten();
    let sentence: String = first.chain(rest).collect();
    format!("{}.", sentence.trim_end_matches('.'))
}
