//! The response components of a project: which operations answer with them.

use std::collections::BTreeMap;

use serde_json::Value;

use super::item;
use crate::api::{Endpoint, Response};
use crate::diagnostics::Diagnostic;
use crate::pointer::JsonPointerExt as _;

/// The response components of a project by their id, with the place of each.
#[derive(Default)]
pub(super) struct ResponseComponents(BTreeMap<String, String>);

impl ResponseComponents {
    /// Those at these places.
    pub fn new(json: &Value, places: &[String]) -> Self {
        let component = |place: &String| Some((id(&json.pointer(place)?["id"])?, place.clone()));
        Self(places.iter().filter_map(component).collect())
    }

    /// Gives an operation the components that it refers to, and those that it answers with by
    /// its own setting, or else by that of the component. Returned is what is not there.
    pub fn resolve(&self, json: &Value, operation: &mut Endpoint, file: &str) -> Vec<Diagnostic> {
        let mut missing = Vec::new();
        let mut referenced = Vec::new();
        for response in &mut operation.responses {
            let own = json.pointer(&response.pointer);
            let Some(id) = own.and_then(|own| id(&own["referencedResponseId"])) else {
                continue;
            };
            match self.response(json, &id) {
                Some(component) => component.clone_into_place(response),
                None => {
                    let message = format!("{id} is not a response component; any body is accepted");
                    let pointer = &response.pointer;
                    missing.push(no_component(file, pointer, message, "referencedResponseId"));
                }
            }
            referenced.push(id);
        }
        for (id, place) in &self.0 {
            if !referenced.contains(id) && answers_with(json, operation, id, place) {
                operation.responses.extend(item::response(json, place));
            }
        }
        let unknown = statuses(json, operation)
            .filter(|(id, enabled)| **enabled == true && !self.0.contains_key(*id));
        missing.extend(unknown.map(|(id, _)| {
            let pointer = operation.pointer.child("commonResponseStatus");
            let message = "is not a response component; it is skipped".to_owned();
            no_component(file, &pointer, message, id)
        }));
        missing
    }

    fn response(&self, json: &Value, id: &str) -> Option<Component> {
        item::response(json, self.0.get(id)?).map(Component)
    }
}

/// A component as the response of an operation.
struct Component(Response);

impl Component {
    /// The response stays where the operation has it, with its own name.
    fn clone_into_place(self, response: &mut Response) {
        let Self(component) = self;
        if component.status != 0 {
            response.status = component.status;
        }
        response.contents = component.contents;
        response.headers = component.headers;
        response.name = response.name.take().or(component.name);
    }
}

/// Which components an operation says that it answers with, or does not.
fn statuses<'j>(
    json: &'j Value,
    operation: &Endpoint,
) -> impl Iterator<Item = (&'j String, &'j Value)> {
    let statuses = json.pointer(&operation.pointer.child("commonResponseStatus"));
    statuses.and_then(Value::as_object).into_iter().flatten()
}

fn answers_with(json: &Value, operation: &Endpoint, id: &str, place: &str) -> bool {
    let own = statuses(json, operation).find(|(other, _)| *other == id);
    let own = own.and_then(|(_, enabled)| enabled.as_bool());
    let by_default = || {
        let component = json.pointer(place);
        component.is_some_and(|component| component["defaultEnable"] == true)
    };
    own.unwrap_or_else(by_default)
}

/// An id, which is written as a number or as text.
fn id(value: &Value) -> Option<String> {
    match value {
        Value::String(id) if !id.trim().is_empty() => Some(id.trim().to_owned()),
        Value::Number(id) => Some(id.to_string()),
        _ => None,
    }
}

fn no_component(file: &str, pointer: &str, message: String, keyword: &str) -> Diagnostic {
    let help = "export the project as a whole, or describe the response by a correction";
    Diagnostic::new(file, pointer, message, help).with_keyword(keyword)
}
