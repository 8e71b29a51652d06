//! The operation that curl commands and samples show.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::curl::Command;
use super::infer::{infer, mark};
use super::place::{Body, place};
use super::prose::Statement;
use super::samples::Sample;
use super::url::Url;
use apifox_document::pointer::walk;

/// The commands of one method and path, and the samples that belong to them.
pub(super) struct Operation<'t> {
    pub url: Url,
    pub commands: Vec<&'t Command>,
    pub requests: Vec<&'t Sample>,
    pub replies: Vec<&'t Sample>,
}

/// Headers that are not parameters.
const NOT_PARAMETERS: [&str; 5] = [
    "accept",
    "authorization",
    "content-length",
    "content-type",
    "host",
];

impl Operation<'_> {
    pub fn method(&self) -> String {
        let method = self
            .commands
            .first()
            .map_or("GET", |command| command.method());
        method.to_ascii_lowercase()
    }

    /// Whether a sample shows again what the commands send: most of its fields.
    pub fn sends(&self, sample: &Value) -> bool {
        let Some(members) = sample.as_object() else {
            return false;
        };
        let bodies = self.request_samples();
        let is_sent = |name: &&String| bodies.iter().any(|body| body.get(*name).is_some());
        members.keys().filter(is_sent).count() * 2 > members.len()
    }

    /// The names of all fields in its samples.
    pub fn names(&self) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        for body in self.request_samples() {
            collect_names(&body, &mut names);
        }
        for reply in &self.replies {
            collect_names(&reply.json, &mut names);
        }
        names
    }

    /// The operation as OpenAPI has it, and its schemas with what the prose says.
    pub fn object(&self, statements: &[Statement]) -> Value {
        let mut operation = json!({"operationId": self.id()});
        let parameters: Vec<Value> = self.parameters();
        if !parameters.is_empty() {
            operation["parameters"] = parameters.into();
        }
        let mut bodies = self.bodies();
        let left = place(statements, &mut bodies);
        let is_request = |body: &&Body| !body.is_reply;
        if let Some(request) = bodies.iter().find(is_request) {
            operation["requestBody"] = json!({
                "required": true,
                "content": {self.media(): content(request)},
            });
        } else if let Some(problem) = self.unread_body() {
            operation["requestBody"] = json!({
                "required": true,
                "content": {self.media(): {"schema": true}},
                "x-draft": {"content": problem},
            });
        }
        operation["responses"] = self.responses(&bodies);
        if self.commands.iter().all(|command| command.is_open) {
            let reason = "the page ends within the command, so it may be cut off";
            mark(&mut operation, "requestBody", reason);
        }
        if !left.is_empty() {
            let reason = "of a field that the page does not name, or under a condition";
            for line in left {
                mark(&mut operation, &line, reason);
            }
        }
        operation
    }

    fn id(&self) -> String {
        let words = self.url.path.split(|c: char| !c.is_ascii_alphanumeric());
        let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
        format!("{}_{}", self.method(), words.join("_"))
    }

    /// The media type of the body that commands send.
    fn media(&self) -> String {
        let mut commands = self.commands.iter();
        let header = commands.find_map(|command| command.header("content-type"));
        let is_form = self
            .commands
            .iter()
            .any(|command| !command.parts.is_empty());
        let by_default = match is_form {
            true => "multipart/form-data",
            false => "application/json",
        };
        let media = header.unwrap_or(by_default).split(';').next();
        media.unwrap_or(by_default).trim().to_owned()
    }

    fn is_form(&self) -> bool {
        self.media() == "application/x-www-form-urlencoded"
    }

    /// The bodies that are shown, as JSON.
    fn request_samples(&self) -> Vec<Value> {
        let sent = self
            .commands
            .iter()
            .filter_map(|command| match &command.body {
                Some(body) if self.is_form() => Some(fields(&form_pairs(body))),
                Some(body) => serde_json::from_str(body).ok(),
                None if !command.parts.is_empty() => Some(fields(&command.parts)),
                None => None,
            });
        let shown = self.requests.iter().map(|sample| sample.json.clone());
        distinct(sent.chain(shown))
    }

    /// Why the body that a command sends is not read.
    fn unread_body(&self) -> Option<String> {
        let mut bodies = self
            .commands
            .iter()
            .filter_map(|command| command.body.as_ref());
        bodies.find_map(|body| {
            let error = serde_json::from_str::<Value>(body).err()?;
            Some(format!("the command's body is not JSON: {error}"))
        })
    }

    /// The body of requests, then those of replies by status.
    fn bodies(&self) -> Vec<Body> {
        let samples = self.request_samples();
        let mut bodies = Vec::new();
        if !samples.is_empty() {
            bodies.push(body(samples, false));
        }
        for status in self.statuses() {
            let of_status = self
                .replies
                .iter()
                .filter(|reply| reply.status().0 == status);
            let samples = distinct(of_status.map(|reply| reply.json.clone()));
            bodies.push(body(samples, true));
        }
        bodies
    }

    /// The statuses of replies, each once.
    fn statuses(&self) -> BTreeSet<String> {
        self.replies.iter().map(|reply| reply.status().0).collect()
    }

    fn responses(&self, bodies: &[Body]) -> Value {
        let mut responses = Map::new();
        let replies = bodies.iter().filter(|body| body.is_reply);
        for (status, body) in self.statuses().into_iter().zip(replies) {
            let reply = self.replies.iter().find(|reply| reply.status().0 == status);
            let why = reply.map_or("", |reply| reply.status().1);
            let mut response = json!({
                "description": "",
                "content": {"application/json": content(body)},
            });
            mark(&mut response, "status", why);
            responses.insert(status, response);
        }
        if responses.is_empty() {
            let mut response = json!({"description": ""});
            mark(&mut response, "content", "the page shows no reply");
            responses.insert("200".into(), response);
        }
        responses.into()
    }

    fn parameters(&self) -> Vec<Value> {
        let mut parameters = Vec::new();
        for name in &self.url.parameters {
            let schema = json!({"type": "string", "minLength": 1});
            let reason = "the URL has a variable here";
            parameters.push(parameter("path", name, schema, "type", reason));
        }
        for (name, value) in &self.url.query {
            let schema = json!({"type": "string"});
            let mut parameter = parameter("query", name, schema, "type", "the command sends it");
            parameter["example"] = value.as_str().into();
            parameters.push(parameter);
        }
        let headers = self.commands.iter().flat_map(|command| &command.headers);
        for (name, value) in headers {
            let is_known = parameters
                .iter()
                .any(|other| other["name"] == name.as_str());
            if !is_known
                && !is_credential(name)
                && !NOT_PARAMETERS.contains(&name.to_lowercase().as_str())
            {
                parameters.push(header(name, value));
            }
        }
        parameters
    }

    /// The security scheme that the commands use, with its name.
    pub fn security(&self) -> Option<(&'static str, Value)> {
        let mut headers = self.commands.iter().flat_map(|command| &command.headers);
        headers.find_map(|(name, value)| {
            let value = value.to_lowercase();
            if !is_credential(name) {
                return None;
            }
            Some(match name.eq_ignore_ascii_case("authorization") {
                true if value.starts_with("bearer") => {
                    ("bearer", json!({"type": "http", "scheme": "bearer"}))
                }
                true if value.starts_with("basic") => {
                    ("basic", json!({"type": "http", "scheme": "basic"}))
                }
                _ => (
                    "key",
                    json!({"type": "apiKey", "in": "header", "name": name}),
                ),
            })
        })
    }
}

/// Whether a header carries a key.
fn is_credential(name: &str) -> bool {
    let name = name.to_lowercase();
    name == "authorization" || name.ends_with("api-key") || name.ends_with("token")
}

/// A header; a value that is no placeholder is always sent.
fn header(name: &str, value: &str) -> Value {
    let is_placeholder =
        value.contains(['$', '<', '{', '*']) || value.to_lowercase().contains("your");
    let (schema, keyword, reason) = match is_placeholder {
        true => (json!({"type": "string"}), "type", "the command sends it"),
        false => (
            json!({"type": "string", "enum": [value]}),
            "enum",
            "the command sends this value",
        ),
    };
    parameter("header", name, schema, keyword, reason)
}

fn parameter(location: &str, name: &str, mut schema: Value, keyword: &str, reason: &str) -> Value {
    mark(&mut schema, keyword, reason);
    json!({"name": name, "in": location, "required": location != "query", "schema": schema})
}

/// The samples, each once.
fn distinct(samples: impl Iterator<Item = Value>) -> Vec<Value> {
    let mut distinct: Vec<Value> = Vec::new();
    for sample in samples {
        if !distinct.contains(&sample) {
            distinct.push(sample);
        }
    }
    distinct
}

fn body(samples: Vec<Value>, is_reply: bool) -> Body {
    Body {
        schema: infer(&samples.iter().collect::<Vec<_>>()),
        samples,
        is_reply,
    }
}

/// The media type object of a body: its schema, and its samples as examples.
fn content(body: &Body) -> Value {
    let mut content = json!({"schema": body.schema});
    match &body.samples[..] {
        [single] => content["example"] = single.clone(),
        samples => {
            for (index, sample) in samples.iter().enumerate() {
                content["examples"][format!("sample{}", index + 1)] = json!({"value": sample});
            }
        }
    }
    content
}

fn form_pairs(body: &str) -> Vec<(String, String)> {
    let pairs = body.split('&').filter_map(|pair| pair.split_once('='));
    pairs
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

/// The object of a form's fields, whose values are texts.
fn fields(pairs: &[(String, String)]) -> Value {
    let fields = pairs
        .iter()
        .map(|(name, value)| (name.clone(), Value::from(value.as_str())));
    fields.collect::<Map<_, _>>().into()
}

fn collect_names(value: &Value, names: &mut BTreeSet<String>) {
    walk(value, &mut |place, _| {
        names.extend(place.name().map(str::to_owned));
        true
    });
}
