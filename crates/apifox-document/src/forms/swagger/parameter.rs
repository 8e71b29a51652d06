//! Parameters, some of which are a body or the fields of a form in OpenAPI 3.0.

use serde_json::{Map, Value, json};

use super::Translation;
use crate::forms::path_item::resolve_refs;
use crate::pointer::{JsonPointerExt as _, JsonValueExt as _, encoded};

/// The members of a parameter that are not those of its schema.
const OWN: [&str; 7] = [
    "allowEmptyValue",
    "collectionFormat",
    "deprecated",
    "description",
    "in",
    "name",
    "required",
];

/// A parameter that is a body, or a field of a form.
#[derive(Clone)]
pub(super) struct BodyParameter {
    pub is_field: bool,
    pub name: String,
    pub required: bool,
    pub description: Value,
    pub schema: Value,
    pub is_file: bool,
    /// How a field that is an array is written.
    pub encoding: Option<Value>,
    /// Where the parameter was in its list before the translation.
    pub original: String,
    /// Where the schema was.
    pub original_schema: String,
}

/// Whether a parameter is a body, or a field of a form.
pub(super) fn is_of_body(parameter: &Value) -> bool {
    matches!(parameter["in"].as_str(), Some("body" | "formData"))
}

impl Translation<'_> {
    /// Translates the parameters in the list at `place`. Those of the body are taken out.
    pub(super) fn parameters(&mut self, place: &str) -> Vec<BodyParameter> {
        let Some(list) = self.json.value_at(place).and_then(Value::as_array) else {
            return Vec::new();
        };
        let mut of_body = Vec::new();
        let mut others = Vec::new();
        for index in 0..list.len() {
            let own = place.child(index);
            let resolved = resolve_refs(&self.json, &own).unwrap_or_else(|| own.clone());
            self.parameter(&resolved);
            match self.json.value_at(&resolved) {
                Some(parameter) if is_of_body(parameter) => {
                    of_body.extend(self.body_parameter(&own, &resolved));
                }
                _ => others.push(index),
            }
        }
        let list = self.json.pointer_mut(place).and_then(Value::as_array_mut);
        let list = list.map(std::mem::take).unwrap_or_default();
        let mut kept = Vec::new();
        for (index, parameter) in list.into_iter().enumerate() {
            if others.contains(&index) {
                self.move_parameter(place, index, kept.len());
                kept.push(parameter);
            }
        }
        if let Some(list) = self.json.pointer_mut(place) {
            *list = kept.into();
        }
        of_body
    }

    /// Says that a parameter of a list moved up, as those before it were taken out.
    fn move_parameter(&mut self, list: &str, from: usize, to: usize) {
        if from == to {
            return;
        }
        let original = self.original(&list.child(from));
        self.origins.remove(&list.child(from).child("schema"));
        let schema = list.child(to).child("schema");
        self.origins.insert(list.child(to), None, original.clone());
        self.origins.insert(schema, None, original);
    }

    /// Translates the parameter at `place`, once: what describes its value becomes a schema.
    fn parameter(&mut self, place: &str) {
        let Some(Value::Object(members)) = self.json.value_at(place) else {
            return;
        };
        let location = members.get("in").and_then(Value::as_str);
        let Some(location) = location.filter(|location| *location != "body") else {
            return;
        };
        let location = location.to_owned();
        if members.contains_key("schema") {
            if self.seen.insert(place.to_owned()) {
                let message = "belongs to a body alone; it is read as in OpenAPI 3.0";
                self.note(&self.original(place), Some("schema"), message);
            }
            return;
        }
        if !self.seen.insert(place.to_owned()) {
            return;
        }
        let is_own = |name: &str| OWN.contains(&name) || name.starts_with("x-");
        let (mut own, mut schema): (Map<_, _>, Map<_, _>) = members
            .clone()
            .into_iter()
            .partition(|(name, _)| is_own(name));
        if location == "formData" && schema.get("type").is_some_and(|kind| kind == "file") {
            schema.insert("type".into(), "string".into());
            schema.insert("format".into(), "binary".into());
        }
        let format = own.shift_remove("collectionFormat");
        if schema.get("type").is_some_and(|kind| kind == "array") {
            own.extend(self.style(place, &location, format.as_ref()));
            self.nested_formats(place, schema.get_mut("items"));
        }
        own.insert("schema".into(), schema.into());
        let original = self.original(place);
        self.set_origin(&place.child("schema"), original);
        if let Some(parameter) = self.json.pointer_mut(place) {
            *parameter = own.into();
        }
    }

    /// How an array is written.
    fn style(&mut self, place: &str, location: &str, format: Option<&Value>) -> Map<String, Value> {
        let is_list = matches!(location, "query" | "formData");
        let (style, is_exploded) = match format.map(|format| format.as_str().unwrap_or_default()) {
            None | Some("csv") if is_list => ("form", false),
            None | Some("csv") => ("simple", false),
            Some("multi") if is_list => ("form", true),
            Some("ssv") if is_list => ("spaceDelimited", false),
            Some("pipes") if is_list => ("pipeDelimited", false),
            Some(other) => {
                let message = format!("{other:?} is not supported here; it is read as \"csv\"");
                self.note(&self.original(place), Some("collectionFormat"), &message);
                (if is_list { "form" } else { "simple" }, false)
            }
        };
        let style = [("style", style.into()), ("explode", is_exploded.into())];
        style
            .map(|(name, value): (&str, Value)| (name.to_owned(), value))
            .into_iter()
            .collect()
    }

    /// Arrays in arrays are written as one text in Swagger 2.0, and in no way in OpenAPI 3.0.
    fn nested_formats(&mut self, place: &str, items: Option<&mut Value>) {
        let mut inner = items;
        while let Some(items) = inner.and_then(Value::as_object_mut) {
            items.shift_remove("collectionFormat");
            if items.get("type").is_some_and(|kind| kind == "array") {
                let message = "an array in an array is not supported";
                self.note(&self.original(place), Some("items"), message);
            }
            inner = items.get_mut("items");
        }
    }

    /// The parameter at `resolved` of the body, to which the one at `own` may refer.
    fn body_parameter(&mut self, own: &str, resolved: &str) -> Option<BodyParameter> {
        let place = resolved.child("schema");
        let is_shared = own != resolved;
        let is_file = resolve_refs(&self.json, &place)
            .and_then(|schema| self.json.value_at(&schema))
            .is_some_and(|schema| schema["type"] == "string" && schema["format"] == "binary");
        let (original, original_schema) = (self.original(own), self.original(&place));
        let members = self.json.pointer_mut(resolved)?.as_object_mut()?;
        let schema = match members.get_mut("schema") {
            Some(schema) if !is_shared => std::mem::take(schema),
            Some(schema) if is_reference(schema) => schema.clone(),
            Some(_) => json!({"$ref": format!("#{}", encoded(&place))}),
            None => Value::Bool(true),
        };
        let is_field = members
            .get("in")
            .is_some_and(|location| location == "formData");
        let style = members.get("style").filter(|_| is_field).cloned();
        let explode = members.get("explode").cloned();
        let name = members.get("name").and_then(Value::as_str);
        let name = name.unwrap_or_default().to_owned();
        let required = members.get("required") == Some(&Value::Bool(true));
        let description = members.get("description").cloned().unwrap_or_default();
        if schema == Value::Bool(true) {
            let message = "is missing: any body is accepted";
            self.note(&original, Some("schema"), message);
        }
        Some(BodyParameter {
            is_field,
            name,
            required,
            description,
            encoding: style.map(|style| json!({"style": style, "explode": explode})),
            schema,
            is_file,
            original,
            original_schema,
        })
    }

    /// Translates a parameter that operations share. The schema of a body, or of a field of a
    /// form, is a component of its own then.
    pub(super) fn shared_parameter(&mut self, name: &str) {
        let place = "/components/parameters".child(name);
        self.parameter(&place);
        let parameter = self
            .json
            .pointer_mut(&place)
            .filter(|parameter| is_of_body(parameter));
        let schema = parameter.and_then(|parameter| parameter.get_mut("schema"));
        let Some(schema) = schema.filter(|schema| !is_reference(schema)) else {
            return;
        };
        let taken = std::mem::take(schema);
        let known = self.names("/components/schemas");
        let mut free = name.to_owned();
        while known.contains(&free) {
            free.push_str("Body");
        }
        let component = "/components/schemas".child(&free);
        let original = self.original(&place.child("schema"));
        self.set_origin(&component, original);
        self.json["components"]["schemas"][&free] = taken;
        if let Some(parameter) = self.json.pointer_mut(&place) {
            parameter["schema"] = json!({"$ref": format!("#{}", encoded(&component))});
        }
    }

    /// Leaves out of the components what is not a parameter in OpenAPI 3.0.
    pub(super) fn remove_shared_bodies(&mut self) {
        let shared = self.json.pointer_mut("/components/parameters");
        if let Some(shared) = shared.and_then(Value::as_object_mut) {
            shared.retain(|_, parameter| !is_of_body(parameter));
        }
    }
}

/// Whether a schema is a reference and nothing else.
fn is_reference(schema: &Value) -> bool {
    let members = schema.as_object();
    members.is_some_and(|members| members.len() == 1 && members.contains_key("$ref"))
}
