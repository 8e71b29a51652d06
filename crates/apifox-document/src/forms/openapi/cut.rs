//! What is lost where the text of a document is cut off. An operation whose body is lost is no
//! operation without a body: it is left out.

use serde_json::Value;

use crate::diagnostics::{Diagnostic, Omission};
use crate::forms::path_item::{self, METHODS, OTHER_METHODS};
use crate::pointer::{JsonPointerExt as _, JsonValueExt as _};
use crate::schema::reachable::reachable_schemas;
use crate::version::written;

/// Removes what the end of the text cut off: the last operation, response or component, and
/// operations whose body refers to what is lost.
pub(crate) fn remove_cut(json: &mut Value, file: &str) -> Vec<Diagnostic> {
    let mut found = Vec::from_iter(remove_last(json, file));
    for operation in operations(json) {
        if body_is_lost(json, &operation) {
            remove(json, &operation);
            let message = "is omitted: its body refers to what the text ends before";
            found.push(cut(file, &operation, message));
        }
    }
    if found.is_empty() && operations(json).is_empty() {
        found.push(cut(file, "", "ends before its operations"));
    }
    found
}

/// Removes the last operation of a text that has it end before its responses, which every
/// operation of OpenAPI 3.0 has.
pub(crate) fn remove_unanswered(json: &mut Value, file: &str) -> Option<Diagnostic> {
    let version = written(json.get("openapi")?);
    let last = last_place(json);
    let operation = last.operation().filter(|_| version.starts_with("3.0"))?;
    let there = json.value_at(&operation)?;
    if there.get("responses").is_some() || there.get("$ref").is_some() {
        return None;
    }
    remove(json, &operation);
    let message = "is omitted: the text ends before its responses, so it may be cut off";
    Some(cut(file, &operation, message))
}

fn remove_last(json: &mut Value, file: &str) -> Option<Diagnostic> {
    let last = last_place(json);
    let part = last.part()?;
    let value = json.value_at(&part)?;
    let message = match last.operation() {
        None => "is omitted: the text ends in it",
        Some(operation) if part != operation => "is omitted: the text ends in it",
        Some(_) if value.get("responses").is_some() && !last.is_in("requestBody") => return None,
        Some(_) => "is omitted: the text ends before its body and its responses are whole",
    };
    remove(json, &part);
    Some(cut(file, &part, message))
}

/// The names and indexes that lead to the last value of a text.
struct LastPlace(Vec<String>);

fn last_place(json: &Value) -> LastPlace {
    let mut steps = Vec::new();
    let mut value = json;
    loop {
        let last = match value {
            Value::Object(members) => members
                .iter()
                .next_back()
                .map(|(name, last)| (name.clone(), last)),
            Value::Array(items) => items
                .last()
                .map(|last| ((items.len() - 1).to_string(), last)),
            _ => None,
        };
        let Some((step, last)) = last else {
            return LastPlace(steps);
        };
        steps.push(step);
        value = last;
    }
}

impl LastPlace {
    /// The pointer to the operation that it lies in.
    fn operation(&self) -> Option<String> {
        self.length_of_operation()
            .map(|length| self.pointer(length))
    }

    /// How many steps lead to the operation that it lies in.
    fn length_of_operation(&self) -> Option<usize> {
        let names: Vec<&str> = self.0.iter().map(String::as_str).collect();
        match names[..] {
            ["paths", _, OTHER_METHODS, _, ..] => Some(4),
            ["paths", _, method, ..] if METHODS.contains(&method) => Some(3),
            _ => None,
        }
    }

    /// The pointer to what is lost where the text ends here: a component, a response, or an
    /// operation or path as a whole.
    fn part(&self) -> Option<String> {
        let names: Vec<&str> = self.0.iter().map(String::as_str).collect();
        match (self.length_of_operation(), &names[..]) {
            (Some(length), _) if self.is_in("responses") && names.len() > length + 1 => {
                Some(self.pointer(length + 2))
            }
            (Some(length), _) => Some(self.pointer(length)),
            (None, ["components", _, _, ..]) => Some(self.pointer(3)),
            (None, ["paths", _, ..]) => Some(self.pointer(2)),
            _ => None,
        }
    }

    /// Whether it lies in this member of an operation.
    fn is_in(&self, member: &str) -> bool {
        let step = self
            .length_of_operation()
            .and_then(|length| self.0.get(length));
        step.is_some_and(|step| step == member)
    }

    fn pointer(&self, length: usize) -> String {
        let steps = self.0.iter().take(length);
        steps.fold(String::new(), |pointer, step| pointer.child(step))
    }
}

/// The pointers to all operations.
fn operations(json: &Value) -> Vec<String> {
    let paths = json.get("paths").and_then(Value::as_object);
    let mut found = Vec::new();
    for (path, item) in paths.into_iter().flatten() {
        let path = "/paths".child(path);
        let places = path_item::operations(item).into_iter();
        found.extend(places.map(|(_, place)| format!("{path}{place}")));
    }
    found
}

/// Whether the body of an operation refers to what is not there.
fn body_is_lost(json: &Value, operation: &str) -> bool {
    let body = operation.child("requestBody");
    json.value_at(&body).is_some()
        && reachable_schemas(json, vec![body])
            .iter()
            .any(|place| json.value_at(place).is_none())
}

fn remove(json: &mut Value, pointer: &str) {
    let Some((around, _)) = pointer.rsplit_once('/') else {
        return;
    };
    let name = crate::pointer::steps(pointer).last().unwrap_or_default();
    if let Some(Value::Object(members)) = json.pointer_mut(around) {
        members.shift_remove(&name);
    }
}

fn cut(file: &str, pointer: &str, message: &str) -> Diagnostic {
    Diagnostic::new(file, pointer, message, "copy the page again, to its end")
        .omitting(Omission::Part)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::remove_cut;

    #[test]
    fn operations_of_other_methods_are_cut_as_all_others() {
        let lost =
            json!({"content": {"a/json": {"schema": {"$ref": "#/components/schemas/None"}}}});
        let mut json = json!({"paths": {
            "/a": {"additionalOperations": {"COPY": {"requestBody": lost, "responses": {}}}},
            "/b": {"additionalOperations": {"LINK": {"responses": {"200": {"a": 1}, "201": {"a": 1}}}}},
        }});
        let found = remove_cut(&mut json, "d.json");
        let places: Vec<&str> = found.iter().map(|it| it.pointer.as_str()).collect();
        let expected = [
            "/paths/~1b/additionalOperations/LINK/responses/201",
            "/paths/~1a/additionalOperations/COPY",
        ];
        assert_eq!(places, expected);
        let left = json!({"paths": {
            "/a": {"additionalOperations": {}},
            "/b": {"additionalOperations": {"LINK": {"responses": {"200": {"a": 1}}}}},
        }});
        assert_eq!(json, left);
    }
}
