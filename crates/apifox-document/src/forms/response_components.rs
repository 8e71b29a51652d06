//! The response components of a project: which operations answer with them.

use std::collections::BTreeMap;

use serde_json::Value;

use super::item::{self, component_id};
use crate::api::{Endpoint, Response};
use crate::diagnostics::Diagnostic;
use crate::pointer::{JsonPointerExt as _, JsonValueExt as _};

/// The response components of a project by their id, with the place of each.
pub(super) struct ResponseComponents(BTreeMap<String, String>);

impl ResponseComponents {
    /// Those at these places.
    pub fn new(json: &Value, places: &[String]) -> Self {
        let component =
            |place: &String| Some((component_id(&json.value_at(place)?["id"])?, place.clone()));
        Self(places.iter().filter_map(component).collect())
    }

    /// Gives an operation the components that it refers to, and those that it answers with by
    /// its own setting, or else by that of the component. Returned is what is not there.
    pub fn resolve(&self, json: &Value, operation: &mut Endpoint, file: &str) -> Vec<Diagnostic> {
        let mut missing = Vec::new();
        let mut referenced = Vec::new();
        for response in &mut operation.responses {
            let own = json.value_at(&response.pointer);
            let Some(id) = own.and_then(|own| component_id(&own["referencedResponseId"])) else {
                continue;
            };
            match self.response(json, &id) {
                Some(component) => component.clone_into_place(response),
                None => missing.push(item::no_component(file, &response.pointer, &id)),
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
            let message = "is not a response component; it is skipped";
            Diagnostic::new(file, pointer, message, item::COMPONENT_HELP).with_keyword(id.as_str())
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
    let statuses = json.value_at(&operation.pointer.child("commonResponseStatus"));
    statuses.and_then(Value::as_object).into_iter().flatten()
}

fn answers_with(json: &Value, operation: &Endpoint, id: &str, place: &str) -> bool {
    let own = statuses(json, operation).find(|(other, _)| *other == id);
    let own = own.and_then(|(_, enabled)| enabled.as_bool());
    let by_default = || {
        let component = json.value_at(place);
        component.is_some_and(|component| component["defaultEnable"] == true)
    };
    own.unwrap_or_else(by_default)
}
