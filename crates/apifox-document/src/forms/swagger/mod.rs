//! [Swagger 2.0](https://swagger.io/specification/v2/), which is translated to OpenAPI 3.0
//! when a document is read.
//!
//! Everything has a place in OpenAPI 3.0 but some ways to write arrays, which are reported.
//! What is moved keeps its place in the text, see [`Origins`].

mod form;
mod media;
mod operation;
mod parameter;
mod references;
mod response;
mod security;

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use self::media::Media;

use super::path_item::{METHODS, OTHER_METHODS, resolve_refs};
use crate::diagnostics::Diagnostic;
use crate::members::{self, ObjectKind};
use crate::pointer::{JsonPointerExt as _, JsonValueExt as _};
use crate::references::visit_objects_mut;
use crate::text::Origins;
use crate::version::written;

/// What the translation of a document leaves beside it.
pub(crate) struct Translated {
    /// Where what was moved is written.
    pub origins: Origins,
    /// What can't be said in OpenAPI 3.0, by the pointers before the translation.
    pub faults: Vec<Diagnostic>,
}

/// Translates a document of Swagger 2.0 in place; `None` for any other document.
pub(crate) fn translate(json: &mut Value, file: &str) -> Option<Translated> {
    if !matches!(written(json.get("swagger")?).trim(), "2" | "2.0") {
        return None;
    }
    let faults = reported(file, json);
    let mut translation = Translation {
        file,
        consumes: Vec::new(),
        produces: Vec::new(),
        json: std::mem::take(json),
        origins: Origins::default(),
        faults,
        seen: BTreeSet::new(),
    };
    translation.document();
    *json = translation.json;
    Some(Translated {
        origins: translation.origins,
        faults: translation.faults,
    })
}

/// What the table of members says is skipped.
fn reported(file: &str, json: &Value) -> Vec<Diagnostic> {
    let (wrong, unsupported) = members::report(file, json, ObjectKind::Swagger);
    let with_subject = |fault: Diagnostic| Diagnostic {
        subject: members::subject(json, ObjectKind::Swagger, &fault.pointer),
        ..fault
    };
    wrong
        .into_iter()
        .chain(unsupported)
        .map(with_subject)
        .collect()
}

/// The objects that Swagger 2.0 has at the top and OpenAPI 3.0 among the components.
const COMPONENTS: [(&str, &str); 4] = [
    ("definitions", "schemas"),
    ("parameters", "parameters"),
    ("responses", "responses"),
    ("securityDefinitions", "securitySchemes"),
];

/// The members of a document or an operation that others replace.
const REPLACED: [&str; 6] = [
    "basePath", "consumes", "host", "produces", "schemes", "swagger",
];

/// The members of a path item that are operations, or hold some, only in OpenAPI 3.
const LATER_METHODS: [&str; 3] = ["query", "trace", OTHER_METHODS];

struct Translation<'f> {
    file: &'f str,
    json: Value,
    /// The media types of bodies and of replies where an operation names none.
    consumes: Vec<Media>,
    produces: Vec<Media>,
    origins: Origins,
    faults: Vec<Diagnostic>,
    /// The places of what others share, and is translated.
    seen: BTreeSet<String>,
}

impl Translation<'_> {
    fn document(&mut self) {
        visit_objects_mut(&mut self.json, &mut translate_schema);
        for name in self.extensions() {
            visit_objects_mut(&mut self.json[name], &mut translate_schema);
        }
        self.consumes = self.media("/consumes").unwrap_or_default();
        self.produces = self.media("/produces").unwrap_or_default();
        let rewritten = self.rewrite_references();
        self.move_components();
        for name in self.names("/components/parameters") {
            self.shared_parameter(&name);
        }
        let produces = self.produces.clone();
        for name in self.names("/components/responses") {
            self.response(&"/components/responses".child(&name), &produces);
        }
        for path in self.names("/paths") {
            self.path(&"/paths".child(&path));
        }
        self.follow_moved();
        self.remove_shared_bodies();
        self.restore_unresolved(&rewritten);
        let servers = self.servers(&self.json["schemes"]);
        remove_replaced(&mut self.json);
        if let Some(members) = self.json.as_object_mut() {
            members.shift_insert(0, "openapi".to_owned(), "3.0.3".into());
        }
        self.set_origin("/openapi", "/swagger");
        if !servers.is_empty() {
            self.json["servers"] = servers.into();
            self.set_origin("/servers", "/host");
        }
    }

    fn move_components(&mut self) {
        let mut components = Map::new();
        for (from, to) in COMPONENTS {
            let members = self.json.as_object_mut();
            let Some(Value::Object(moved)) = members.and_then(|members| members.shift_remove(from))
            else {
                continue;
            };
            self.set_origin(&"/components".child(to), "".child(from));
            let moved = match to {
                "securitySchemes" => security::schemes(moved),
                _ => moved,
            };
            components.insert(to.to_owned(), moved.into());
        }
        if !components.is_empty() {
            self.json["components"] = components.into();
        }
    }

    fn path(&mut self, place: &str) {
        let item = resolve_refs(&self.json, place);
        let Some(item) = item.filter(|item| self.seen.insert(item.clone())) else {
            return;
        };
        // What is told to be skipped must not become an operation of OpenAPI.
        if let Some(Value::Object(members)) = self.json.pointer_mut(&item) {
            members.retain(|name, _| !LATER_METHODS.contains(&name.as_str()));
        }
        let shared = self.parameters(&item.child("parameters"));
        for method in METHODS {
            let place = item.child(method);
            if self.json.value_at(&place).is_some_and(Value::is_object) {
                self.operation(&place, &shared);
            }
        }
    }

    /// The servers of these schemes. Without a scheme it is that of who reads the document.
    fn servers(&self, schemes: &Value) -> Vec<Value> {
        let text = |name: &str| self.json[name].as_str().unwrap_or_default().trim();
        let path = text("basePath").trim_end_matches('/');
        let urls = match (text("host"), strings(schemes)) {
            ("", _) if path.is_empty() => Vec::new(),
            ("", _) => vec![path.to_owned()],
            (host, schemes) if schemes.is_empty() => vec![format!("//{host}{path}")],
            (host, schemes) => {
                let url = |scheme: &String| format!("{scheme}://{host}{path}");
                schemes.iter().map(url).collect()
            }
        };
        urls.iter().map(|url| json!({"url": url})).collect()
    }

    fn names(&self, place: &str) -> Vec<String> {
        let members = self.json.value_at(place).and_then(Value::as_object);
        members.into_iter().flat_map(Map::keys).cloned().collect()
    }

    /// Says that what is at `place` now was at `original`.
    fn set_origin(&mut self, place: &str, original: impl Into<String>) {
        self.origins.insert(place.to_owned(), None, original.into());
    }

    /// Where what is at `place` was before the translation.
    fn original(&self, place: &str) -> String {
        let found = self.origins.find(place);
        found.map_or_else(|| place.to_owned(), |(_, original)| original)
    }

    /// Notes what is not supported of what was at `original`, or of its member `name`.
    fn note(&mut self, original: &str, name: Option<&str>, message: &str) {
        let help = "correct the document, or add a correction beside it";
        let fault = Diagnostic::new(self.file, original, message, help);
        self.faults.push(fault.with_keyword(name));
    }
}

/// Translates what OpenAPI 3.0 writes differently in a schema. The string of a discriminator
/// is the name of a property, whose values are the names of definitions.
pub(super) fn translate_schema(members: &mut Map<String, Value>) {
    if let Some(Value::Bool(nullable)) = members.get("x-nullable") {
        let nullable = *nullable;
        members.entry("nullable").or_insert(nullable.into());
    }
    if let Some(Value::String(property)) = members.get("discriminator") {
        let discriminator = json!({"propertyName": property});
        members.insert("discriminator".into(), discriminator);
    }
}

fn remove_replaced(value: &mut Value) {
    if let Some(members) = value.as_object_mut() {
        members.retain(|name, _| !REPLACED.contains(&name.as_str()));
    }
}

/// The strings in a list.
fn strings(list: &Value) -> Vec<String> {
    let items = list.as_array().into_iter().flatten();
    items.filter_map(Value::as_str).map(str::to_owned).collect()
}
