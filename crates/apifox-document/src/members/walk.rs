//! Goes through a document along the table.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::kind::ObjectKind;
use super::member::{Fate, Holds, Member};
use super::spelling::Spelling;
use crate::document::file_of;
use crate::forms::parameters::is_transports;
use crate::forms::path_item::resolve_refs;
use crate::pointer::{JsonPointerExt as _, JsonValueExt as _, steps};
use crate::version::OpenApiVersion;

/// What is wrong with a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// It is not supported.
    Reported {
        /// Why it is skipped.
        why: &'static str,
        /// What to do about it.
        help: &'static str,
    },
    /// The table does not have it.
    Unknown,
    /// It came with a later version of OpenAPI than the document's, and is read as there.
    Newer(OpenApiVersion),
    /// It is a name, or has a text, that is not of this kind.
    Misspelt(Spelling),
    /// Its value is not what it has to be.
    Invalid(Holds),
    /// It is not there.
    Missing,
    /// It is a reference that does not resolve.
    Dangling,
    /// It is a reference to a part of another kind.
    OtherKind,
    /// It stands beside a reference, which takes the place of the object.
    BesideReference,
}

/// A member that is skipped, or read otherwise than the document's version says.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The kind of the object that it is in.
    pub kind: ObjectKind,
    /// The pointer to it.
    pub pointer: String,
    /// Its name.
    pub name: String,
    /// What is wrong with it.
    pub problem: Problem,
}

/// What [`walk`] calls for each such member.
pub type Visit<'v> = dyn FnMut(Finding) + 'v;

/// Calls `visit` for each member that is skipped, or that the version of the document does not
/// have, in the object of this kind at `pointer` and in those in it.
pub fn walk(json: &Value, kind: ObjectKind, pointer: &str, visit: &mut Visit<'_>) {
    let walk = &mut Walk {
        json,
        version: OpenApiVersion::of(json),
        visit,
        seen: HashSet::new(),
    };
    if let Some(Value::Object(members)) = json.value_at(pointer) {
        walk.object(kind, members, pointer);
    }
}

impl ObjectKind {
    /// What is wrong with a member of an object of this kind; and else what its value holds,
    /// where that depends on it.
    ///
    /// # Errors
    ///
    /// That it is skipped, and why.
    pub fn judge(self, name: &str, value: &Value) -> Result<Option<Holds>, Problem> {
        match self.member(name) {
            Some(_) if self.has_read(name, value) => Ok(Some(Holds::Map(Self::Callback))),
            Some(member) => member.judge(value),
            None => Err(Problem::Unknown),
        }
    }

    /// Whether a member holds the callbacks of an endpoint of Apifox, which is a text until it was
    /// read, and then as OpenAPI has them.
    fn has_read(self, name: &str, value: &Value) -> bool {
        self == Self::Endpoint && name == "callbacks" && value.is_object()
    }

    /// Whether an object of this kind is skipped because it changes nothing: a header that
    /// the client sets itself, or what is switched off in the editor.
    #[must_use]
    pub fn is_idle(self, object: &Map<String, Value>) -> bool {
        let is = |name: &str, value: bool| object.get(name) == Some(&Value::Bool(value));
        match self {
            Self::Parameter | Self::SwaggerParameter => {
                let name = object.get("name").and_then(Value::as_str);
                object
                    .get("in")
                    .is_some_and(|location| location == "header")
                    && name.is_some_and(is_transports)
            }
            Self::EndpointParameter => {
                let name = object.get("name").and_then(Value::as_str);
                is("enable", false) || name.is_none_or(|name| name.trim().is_empty())
            }
            Self::Processor => is("enable", false) || is("disabled", true),
            _ => false,
        }
    }
}

impl Member {
    /// What is wrong with it, or what its value holds: see [`ObjectKind::judge`].
    fn judge(&self, value: &Value) -> Result<Option<Holds>, Problem> {
        match self.fate {
            Fate::Annotation => Ok(None),
            Fate::Reported { .. } if says_nothing(self, value) => Ok(None),
            Fate::Reported { why, help } => Err(Problem::Reported { why, help }),
            Fate::Used if fits(self.holds, value) => Ok(Some(self.holds)),
            // In YAML what has no members is null. An operation has some.
            Fate::Used if value.is_null() && !is_operation(self.holds) => Ok(Some(self.holds)),
            Fate::Used => Err(Problem::Invalid(self.holds)),
        }
    }
}

/// Whether a member that is not supported has a value that asks for nothing.
fn says_nothing(member: &Member, value: &Value) -> bool {
    match (value, member.holds) {
        (Value::Null | Value::Bool(false), _) => true,
        (Value::String(text), Holds::OneOf(values)) => values.contains(&text.as_str()),
        (Value::String(text), _) => text.is_empty(),
        (Value::Array(items), _) => items.iter().all(is_empty_folder),
        (Value::Object(members), _) => members.is_empty(),
        _ => false,
    }
}

/// Whether a value is a folder with nothing in it but such folders: an export of Apifox has the
/// outermost one of every collection.
fn is_empty_folder(value: &Value) -> bool {
    let lists = ["items", "children"].map(|name| value.get(name).and_then(Value::as_array));
    let mut lists = lists.into_iter().flatten().peekable();
    lists.peek().is_some() && lists.flatten().all(is_empty_folder)
}

fn is_operation(holds: Holds) -> bool {
    use ObjectKind::{Operation, SwaggerOperation};
    matches!(holds, Holds::Object(Operation | SwaggerOperation))
}

/// Whether a value is what a member holds, without what is in it.
fn fits(holds: Holds, value: &Value) -> bool {
    match holds {
        Holds::Anything => true,
        Holds::Text => value.is_string(),
        Holds::Texts => {
            let items = value.as_array();
            items.is_some_and(|items| items.iter().all(Value::is_string))
        }
        Holds::Flag => value.is_boolean(),
        Holds::OneOf(values) => match value {
            Value::String(text) => values.contains(&text.as_str()),
            Value::Bool(flag) => values.contains(&if *flag { "true" } else { "false" }),
            _ => false,
        },
        Holds::Schema => value.is_object() || value.is_boolean(),
        Holds::List(_) => value.is_array(),
        Holds::Object(_) | Holds::Map(_) | Holds::Schemas => value.is_object(),
        Holds::ListOrObject { .. } => value.is_array() || value.is_object(),
    }
}

struct Walk<'w, 'v> {
    json: &'w Value,
    version: Option<OpenApiVersion>,
    visit: &'w mut Visit<'v>,
    /// The places in other files that were walked through.
    seen: HashSet<String>,
}

impl Walk<'_, '_> {
    fn object(&mut self, kind: ObjectKind, object: &Map<String, Value>, pointer: &str) {
        if kind.is_idle(object) {
            return;
        }
        if kind.may_refer() && object.get("$ref").is_some_and(Value::is_string) {
            return self.reference(kind, object, pointer);
        }
        for (name, value) in object {
            let Some(member) = kind.member(name) else {
                self.found(kind, pointer, name, Problem::Unknown);
                continue;
            };
            match member.judge(value) {
                Ok(holds) => {
                    self.version((kind, member), pointer, name, value);
                    if let Some(holds) = holds {
                        self.spelling((kind, member), pointer, name, value);
                        self.value(holds, value, &pointer.child(name));
                    }
                }
                Err(problem) => self.found(kind, pointer, name, problem),
            }
        }
        // Where a webhook goes, its receiver says.
        let is_webhook =
            kind == ObjectKind::Endpoint && object.get("type").is_some_and(|it| it == "webhook");
        let is_missing = |member: &&Member| {
            let is_needed = member.is_required && !(is_webhook && member.name == "path");
            is_needed && !object.contains_key(member.name)
        };
        for member in kind.members().iter().filter(is_missing) {
            self.found(kind, pointer, member.name, Problem::Missing);
        }
    }

    fn reference(&mut self, kind: ObjectKind, object: &Map<String, Value>, pointer: &str) {
        let target = object.get("$ref").and_then(Value::as_str);
        let is_newer = self.version < Some(OpenApiVersion::V3_2);
        if kind == ObjectKind::MediaType && is_newer {
            self.found(kind, pointer, "$ref", Problem::Newer(OpenApiVersion::V3_2));
        }
        let is_within = target.is_some_and(|target| target.starts_with('#'));
        // What a path item refers to is reported where the operations of paths are read.
        let is_reported = matches!(kind, ObjectKind::PathItem | ObjectKind::SwaggerPathItem)
            && steps(pointer).count() == 2
            && pointer.starts_with("/paths/");
        match resolve_refs(self.json, pointer) {
            Some(place) if is_of_another_kind(kind, &place) => {
                self.found(kind, pointer, "$ref", Problem::OtherKind);
            }
            Some(place) => self.other_file(kind, place),
            None if is_within && !is_reported => {
                self.found(kind, pointer, "$ref", Problem::Dangling);
            }
            None => {}
        }
        for name in object.keys() {
            // A path item has a summary and a description in every version.
            let own = kind.member(name);
            let own =
                own.filter(|own| kind == ObjectKind::PathItem && own.fate == Fate::Annotation);
            match own.or_else(|| ObjectKind::Reference.member(name)) {
                Some(member) => self.version((kind, member), pointer, name, &object[name]),
                None => self.found(kind, pointer, name, Problem::BesideReference),
            }
        }
    }

    /// Finds a member that the document's version does not have. What is skipped is said to be
    /// that.
    fn version(
        &mut self,
        (kind, member): (ObjectKind, &Member),
        pointer: &str,
        name: &str,
        value: &Value,
    ) {
        let since = member.since;
        let since = since.filter(|since| self.version.is_some_and(|own| own < *since));
        if let Some(since) = since.filter(|_| !value.is_null()) {
            self.found(kind, pointer, name, Problem::Newer(since));
        }
    }

    /// Walks through what a reference to another file leads to; the document's own parts are
    /// walked through where they stand.
    fn other_file(&mut self, kind: ObjectKind, place: String) {
        if file_of(&place).is_some()
            && self.seen.insert(place.clone())
            && let Some(Value::Object(object)) = self.json.value_at(&place)
        {
            self.object(kind, object, &place);
        }
    }

    /// Finds the names and texts in a member that are not what they have to be.
    fn spelling(
        &mut self,
        (kind, member): (ObjectKind, &Member),
        pointer: &str,
        name: &str,
        value: &Value,
    ) {
        let spelling = member.spelling;
        for (step, _) in spelling.misspelt(value) {
            let problem = Problem::Misspelt(spelling);
            match step {
                Some(step) => self.found(kind, &pointer.child(name), &step, problem),
                None => self.found(kind, pointer, name, problem),
            }
        }
    }

    fn value(&mut self, holds: Holds, value: &Value, pointer: &str) {
        match (holds, value) {
            (Holds::Object(kind), Value::Object(object))
            | (Holds::ListOrObject { object: kind, .. }, Value::Object(object)) => {
                self.object(kind, object, pointer);
            }
            (Holds::List(kind), Value::Array(items))
            | (Holds::ListOrObject { list: kind, .. }, Value::Array(items)) => {
                let items = items.iter().enumerate();
                items.for_each(|(index, item)| self.item(kind, item, pointer, &index.to_string()));
            }
            (Holds::Map(kind), Value::Object(named)) => {
                for (name, item) in named {
                    if !is_extension_of(kind, name) {
                        self.item(kind, item, pointer, name);
                    }
                }
            }
            _ => {}
        }
    }

    fn item(&mut self, kind: ObjectKind, item: &Value, around: &str, name: &str) {
        match item {
            Value::Object(object) => self.object(kind, object, &around.child(name)),
            // In YAML an object without members is null.
            Value::Null if !is_operation(Holds::Object(kind)) => {}
            _ => self.found(kind, around, name, Problem::Invalid(Holds::Object(kind))),
        }
    }

    fn found(&mut self, kind: ObjectKind, around: &str, name: &str, problem: Problem) {
        (self.visit)(Finding {
            kind,
            pointer: around.child(name),
            name: name.to_owned(),
            problem,
        });
    }
}

/// Whether a place is that of a shared part, where parts of another kind are than this.
fn is_of_another_kind(kind: ObjectKind, place: &str) -> bool {
    const OF_SWAGGER: [&str; 3] = ["definitions", "parameters", "responses"];
    let own = match kind {
        ObjectKind::Callback => "callbacks",
        ObjectKind::Header => "headers",
        ObjectKind::MediaType => "mediaTypes",
        ObjectKind::Parameter | ObjectKind::SwaggerParameter => "parameters",
        ObjectKind::PathItem => "pathItems",
        ObjectKind::RequestBody => "requestBodies",
        ObjectKind::Response | ObjectKind::SwaggerResponse => "responses",
        ObjectKind::SecurityScheme => "securitySchemes",
        _ => return false,
    };
    let steps: Vec<String> = steps(place).collect();
    match &steps[..] {
        [components, section, _] if components == "components" => section != own,
        [section, _] if OF_SWAGGER.contains(&section.as_str()) => section != own,
        _ => false,
    }
}

/// Whether a name in an object of such objects is that of an extension: where the names are
/// paths or methods, and not the document's own.
#[must_use]
pub fn is_extension_of(kind: ObjectKind, name: &str) -> bool {
    matches!(kind, ObjectKind::PathItem | ObjectKind::SwaggerPathItem) && name.starts_with("x-")
}
