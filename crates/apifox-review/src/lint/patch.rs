//! Operations of a correction: each change after a `test` of what it replaces.

use serde_json::{Value, json};

use apifox_document::pointer::JsonPointerExt as _;

/// Changes to a document, not yet with their reasons.
#[derive(Debug, Default)]
pub(super) struct Patch(Vec<Value>);

impl Patch {
    /// Nothing that could be done without the vendor.
    pub fn none() -> Self {
        Self::default()
    }

    pub fn replace(pointer: &str, old: &Value, new: impl Into<Value>) -> Self {
        let change = json!({"op": "replace", "path": pointer, "value": new.into()});
        Self::tested(pointer, old, change)
    }

    pub fn remove(pointer: &str, old: &Value) -> Self {
        Self::tested(pointer, old, json!({"op": "remove", "path": pointer}))
    }

    /// A member of the object at `pointer`, or with the name `-` the last item of
    /// an array.
    pub fn add(pointer: &str, around: &Value, name: &str, value: impl Into<Value>) -> Self {
        let path = pointer.child(name);
        let change = json!({"op": "add", "path": path, "value": value.into()});
        Self::tested(pointer, around, change)
    }

    /// Another name for a member of the object at `pointer`.
    pub fn rename(pointer: &str, around: &Value, from: &str, to: &str) -> Self {
        let path = pointer.child(to);
        let from = pointer.child(from);
        let change = json!({"op": "move", "from": from, "path": path});
        Self::tested(pointer, around, change)
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
    pub fn reasoned(self, wrong: &str, help: &str) -> Vec<Value> {
        let reasoned = |mut operation: Value| {
            let why = match operation["op"] == "test" {
                true => sentence(wrong),
                false => sentence(help),
            };
            operation["why"] = why.into();
            operation
        };
        self.0.into_iter().map(reasoned).collect()
    }
}

/// `text` with a capital and a full stop.
fn sentence(text: &str) -> String {
    let mut rest = text.chars();
    let first = rest.next().map(char::to_uppercase).into_iter().flatten();
    let sentence: String = first.chain(rest).collect();
    format!("{}.", sentence.trim_end_matches('.'))
}
