//! Schemas that differ between requests and replies.
//!
//! In OpenAPI 3.0 `required` of a `readOnly` property is about replies alone, and of a
//! `writeOnly` property about requests alone. A schema that is used in one direction is changed
//! where it stands. One that is used in both keeps the form of replies there; that of requests
//! is added to the document below [`REQUEST_FORMS`], with a name of its own.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::marked::{Direction, Marks, RequiredMark};
use crate::api::{Api, Model};
use crate::diagnostics::Diagnostic;
use crate::filled::filled;
use crate::forms::dialect::{reply_schemas, request_schemas};
use crate::pointer::{JsonValueExt as _, REQUEST_FORMS, decoded, encoded, steps};
use crate::schema::reachable::{pruned, reachable_schemas, references};

/// Gives requests and replies schemas of their own where they differ.
pub(super) fn split(file: &str, api: &mut Api) {
    if !Marks::are_in(&api.json) {
        return;
    }
    let forms = Forms::new(api);
    let moved = forms.moved();
    let changes = forms.changes(&moved);
    let is_short = forms.marks.are_short();
    let marks = Marks::new(&api.json);
    for operation in &mut api.operations {
        marks.relax_fields(operation);
        for place in request_schemas(operation) {
            if moved.contains(place) {
                *place = request_form(place);
            }
        }
    }
    let names: Vec<String> = api
        .models
        .values()
        .map(|model| model.name.clone())
        .collect();
    let added = moved.iter().filter_map(|place| {
        let name = request_name(&api.models.get(place)?.name, &names);
        Some((request_form(place), Model { name }))
    });
    let added = filled(added);
    api.models.extend(added);
    changes.apply(&mut api.json, &moved);
    if is_short {
        api.skipped.push(Diagnostic::new(
            file,
            "/components/schemas",
            "marks properties as readOnly or writeOnly beside references to large schemas more \
             often than is followed: some are required where they need not be",
            "mark them in the schemas that define them",
        ));
    }
}

/// That requests need properties which are marked as of replies alone, and the other way round:
/// from OpenAPI 3.1 on the marks are annotations.
pub(super) fn annotations(file: &str, api: &mut Api) -> Vec<Diagnostic> {
    if !Marks::are_in(&api.json) {
        return Vec::new();
    }
    let forms = Forms::new(api);
    forms.marks.copy_nothing();
    let used = [
        (&forms.requests, Direction::Request, "requests"),
        (&forms.replies, Direction::Reply, "replies"),
    ];
    let mut found = BTreeSet::new();
    for (places, direction, bodies) in used {
        for place in places {
            let Some(schema) = forms.json.value_at(place) else {
                continue;
            };
            let keyword = direction.excluding_keyword();
            for mark in forms.marks.required(schema, direction) {
                let message = format!(
                    "lists {:?}, which is {keyword}: from OpenAPI 3.1 on that is an annotation, so \
                     {bodies} need it too",
                    mark.name
                );
                found.insert((format!("{place}{}", mark.schema), message));
            }
        }
    }
    let diagnostic = |(pointer, message)| {
        let help = "leave it out of required, or give requests and replies schemas of their own";
        Diagnostic::new(file, pointer, message, help).with_keyword("required")
    };
    found.into_iter().map(diagnostic).collect()
}

/// The place of the form that the schema at `place` has in requests.
fn request_form(place: &str) -> String {
    format!("{REQUEST_FORMS}{place}")
}

/// What the form for requests of the model `name` is called: none of `names`.
fn request_name(name: &str, names: &[String]) -> String {
    let plain = |name: &str| -> String {
        let letters = name.chars().filter(|c| c.is_alphanumeric());
        letters.flat_map(char::to_lowercase).collect()
    };
    let is_free = |candidate: &String| names.iter().all(|name| plain(name) != plain(candidate));
    let candidates = ["Request", "RequestForm", "ForRequest"].map(|end| format!("{name}{end}"));
    let counted = (2..).map(|count| format!("{name}Request{count}"));
    let mut candidates = candidates.into_iter().chain(counted);
    candidates.find(is_free).unwrap_or_default()
}

/// The places of schemas that are outermost, or that others refer to.
struct Forms<'d> {
    json: &'d Value,
    marks: Marks<'d>,
    /// Those that requests use.
    requests: BTreeSet<String>,
    /// Those that replies use.
    replies: BTreeSet<String>,
    /// Those that other schemas refer to, by the schema that does.
    targets: BTreeMap<String, Vec<String>>,
}

impl<'d> Forms<'d> {
    fn new(api: &'d mut Api) -> Self {
        let (mut requests, mut replies) = (Vec::new(), Vec::new());
        for operation in &mut api.operations {
            requests.extend(
                request_schemas(operation)
                    .into_iter()
                    .map(|place| place.clone()),
            );
            replies.extend(
                reply_schemas(operation)
                    .into_iter()
                    .map(|place| place.clone()),
            );
        }
        let json = &api.json;
        let requests = reachable_schemas(json, requests);
        let targets = requests.iter().map(|place| {
            let mut targets = Vec::new();
            if let Some(schema) = json.value_at(place) {
                references(schema, &mut targets);
            }
            (place.clone(), targets)
        });
        Self {
            marks: Marks::new(json),
            targets: filled(targets),
            requests,
            replies: reachable_schemas(json, replies),
            json,
        }
    }

    /// The places that need a form for requests beside what replies use there.
    fn moved(&self) -> BTreeSet<String> {
        let shared = self.requests.iter().filter(|place| self.is_shared(place));
        let shared: Vec<&String> = shared.collect();
        let mut users: BTreeMap<&str, Vec<&String>> = BTreeMap::new();
        for place in &shared {
            for target in self.targets.get(*place).into_iter().flatten() {
                users.entry(target).or_default().push(place);
            }
        }
        let differs = |place: &&&String| self.differs(place);
        let mut pending: Vec<&String> = shared.iter().filter(differs).copied().collect();
        let mut moved = BTreeSet::new();
        while let Some(place) = pending.pop() {
            if moved.insert(place.clone()) {
                pending.extend(users.get(place.as_str()).into_iter().flatten());
            }
        }
        moved
    }

    /// Whether replies use the schema at `place`, a part of it, or one around it.
    fn is_shared(&self, place: &str) -> bool {
        self.replies.contains(place)
            || ancestors(place).any(|around| self.replies.contains(around))
            || descendants(&self.replies, place).next().is_some()
    }

    /// Whether the schema at `place`, which replies use too, is another one in requests.
    fn differs(&self, place: &str) -> bool {
        let changes = |direction| {
            let schema = self.json.value_at(place);
            schema.is_some_and(|schema| !self.marks.required(schema, direction).is_empty())
        };
        changes(Direction::Request) || changes(Direction::Reply)
    }

    /// What makes the document one with the forms that each direction needs.
    fn changes(&self, moved: &BTreeSet<String>) -> Changes {
        let of_requests = self.requests.iter().filter(|place| !self.is_shared(place));
        let of_requests: Vec<String> = of_requests.cloned().collect();
        let mut marks = Vec::new();
        for place in &of_requests {
            marks.extend(self.required(place, Direction::Request));
        }
        for place in &self.replies {
            marks.extend(self.required(place, Direction::Reply));
        }
        Changes {
            marks,
            of_requests,
            forms: (!moved.is_empty()).then(|| self.request_forms(moved)),
        }
    }

    /// The names in `required` of the schema at `place` that are not of a direction, with the
    /// pointers to the schemas that require them.
    fn required(&self, place: &str, direction: Direction) -> Vec<RequiredMark> {
        let schema = self.json.value_at(place);
        let mut marks =
            schema.map_or_else(Vec::new, |schema| self.marks.required(schema, direction));
        for mark in &mut marks {
            mark.schema.insert_str(0, place);
        }
        marks
    }

    /// The forms for requests of the schemas in `moved`, at their places.
    fn request_forms(&self, moved: &BTreeSet<String>) -> Value {
        let mut forms = pruned(self.json, moved);
        for place in moved {
            if !ancestors(place).any(|around| moved.contains(around)) {
                remove(&mut forms, &self.required(place, Direction::Request));
                if let Some(schema) = forms.pointer_mut(place) {
                    redirect(schema, moved);
                }
            }
        }
        forms
    }
}

/// What makes a document one with the forms that each direction needs.
struct Changes {
    /// What is no longer required.
    marks: Vec<RequiredMark>,
    /// The places of the schemas that requests alone use.
    of_requests: Vec<String>,
    /// The forms of schemas for requests, beside those for replies.
    forms: Option<Value>,
}

impl Changes {
    fn apply(self, json: &mut Value, moved: &BTreeSet<String>) {
        remove(json, &self.marks);
        let Some(forms) = self.forms else {
            return;
        };
        for place in &self.of_requests {
            if let Some(schema) = json.pointer_mut(place) {
                redirect(schema, moved);
            }
        }
        if let Value::Object(members) = json {
            let name = steps(REQUEST_FORMS).next().unwrap_or_default();
            members.insert(name, forms);
        }
    }
}

/// Lets schemas no longer require what is not of their direction.
fn remove(json: &mut Value, marks: &[RequiredMark]) {
    marks.iter().for_each(|mark| mark.apply(json));
}

/// Makes references to schemas in `moved` lead to their forms for requests.
fn redirect(schema: &mut Value, moved: &BTreeSet<String>) {
    match schema {
        Value::Object(members) => {
            redirect_own(members, moved);
            members
                .values_mut()
                .for_each(|member| redirect(member, moved));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| redirect(item, moved)),
        _ => {}
    }
}

fn redirect_own(members: &mut Map<String, Value>, moved: &BTreeSet<String>) {
    let Some(Value::String(reference)) = members.get_mut("$ref") else {
        return;
    };
    let place = reference.strip_prefix('#').map(decoded);
    if let Some(place) = place.filter(|place| moved.contains(place)) {
        *reference = format!("#{}", encoded(&request_form(&place)));
    }
}

/// The pointers to what is around `place`, the innermost first.
fn ancestors(place: &str) -> impl Iterator<Item = &str> {
    place.rmatch_indices('/').map(|(at, _)| &place[..at])
}

/// Those of `places` that lie within `place`.
fn descendants<'p>(
    places: &'p BTreeSet<String>,
    place: &str,
) -> impl Iterator<Item = &'p String> + use<'p> {
    let start = format!("{place}/");
    let below = places.range(start.clone()..);
    below.take_while(move |below| below.starts_with(&start))
}
