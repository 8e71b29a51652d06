//! Changes that a step makes to a right reply.

use serde_json::Value;

/// A change to a reply.
#[derive(Debug, PartialEq)]
pub struct Edit {
    /// The names along the path; `*` is every member or item.
    path: Vec<String>,
    /// The value to put there; `None` removes what is there.
    value: Option<Value>,
}

impl Edit {
    /// Removals, from an array of pointers.
    pub fn removals(value: &Value) -> Option<Vec<Self>> {
        let remove = |pointer: &Value| {
            Some(Self {
                path: path(pointer.as_str()?)?,
                value: None,
            })
        };
        value.as_array()?.iter().map(remove).collect()
    }

    /// Settings, from an object of pointers and values.
    pub fn settings(value: &Value) -> Option<Vec<Self>> {
        let set = |(pointer, value): (&String, &Value)| {
            Some(Self {
                path: path(pointer)?,
                value: Some(value.clone()),
            })
        };
        value.as_object()?.iter().map(set).collect()
    }

    pub fn apply(&self, reply: &mut Value) {
        change(reply, &self.path, self.value.as_ref());
    }
}

/// The names of a JSON pointer.
fn path(pointer: &str) -> Option<Vec<String>> {
    if pointer.is_empty() {
        return Some(Vec::new());
    }
    let names = pointer.strip_prefix('/')?.split('/');
    Some(
        names
            .map(|name| name.replace("~1", "/").replace("~0", "~"))
            .collect(),
    )
}

fn change(place: &mut Value, path: &[String], value: Option<&Value>) {
    let Some((name, rest)) = path.split_first() else {
        *place = value.cloned().unwrap_or_default();
        return;
    };
    if name == "*" {
        for name in names(place) {
            change(place, &[&[name], rest].concat(), value);
        }
        return;
    }
    if rest.is_empty() {
        return put(place, name, value);
    }
    let next = match place {
        Value::Object(members) => members.get_mut(name),
        Value::Array(items) => name
            .parse()
            .ok()
            .and_then(|index: usize| items.get_mut(index)),
        _ => None,
    };
    if let Some(next) = next {
        change(next, rest, value);
    }
}

/// The names of members and items; items come last first, so that removing one moves no
/// other that is still to come.
fn names(place: &Value) -> Vec<String> {
    match place {
        Value::Object(members) => members.keys().cloned().collect(),
        Value::Array(items) => (0..items.len()).rev().map(|at| at.to_string()).collect(),
        _ => Vec::new(),
    }
}

fn put(place: &mut Value, name: &str, value: Option<&Value>) {
    match (place, value) {
        (Value::Object(members), Some(value)) => {
            members.insert(name.to_owned(), value.clone());
        }
        (Value::Object(members), None) => {
            members.remove(name);
        }
        (Value::Array(items), value) => put_item(items, name, value),
        _ => {}
    }
}

fn put_item(items: &mut Vec<Value>, name: &str, value: Option<&Value>) {
    let index = match name {
        "-" => items.len(),
        name => name.parse().unwrap_or(usize::MAX),
    };
    match value {
        Some(value) if index < items.len() => items[index] = value.clone(),
        Some(value) if index == items.len() => items.push(value.clone()),
        None if index < items.len() => drop(items.remove(index)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn edits_reach_what_they_name_and_nothing_else() {
        let cases = [
            (
                json!({"/a": 2}),
                json!([]),
                json!({"a": 2, "b": [{"c": 1}, {"c": 2}]}),
            ),
            (
                json!({"/b/*/c": 0}),
                json!([]),
                json!({"a": 1, "b": [{"c": 0}, {"c": 0}]}),
            ),
            (
                json!({"/b/-": 3}),
                json!([]),
                json!({"a": 1, "b": [{"c": 1}, {"c": 2}, 3]}),
            ),
            (
                json!({"/x/y": 3}),
                json!([]),
                json!({"a": 1, "b": [{"c": 1}, {"c": 2}]}),
            ),
            (json!({"": 5}), json!([]), json!(5)),
            (json!({}), json!(["/a", "/b/0"]), json!({"b": [{"c": 2}]})),
            (json!({}), json!(["/b/*"]), json!({"a": 1, "b": []})),
            (json!({"/m~1n": 1}), json!(["/*"]), json!({"m/n": 1})),
        ];
        for (set, remove, expected) in cases {
            let mut reply = json!({"a": 1, "b": [{"c": 1}, {"c": 2}]});
            let edits = [Edit::removals(&remove), Edit::settings(&set)];
            for edit in edits.iter().flatten().flatten() {
                edit.apply(&mut reply);
            }
            assert_eq!(reply, expected, "{set} {remove}");
        }
        assert_eq!(Edit::removals(&json!(["a"])), None);
        assert_eq!(Edit::settings(&json!(["/a"])), None);
    }
}
