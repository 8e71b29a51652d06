//! How is a step of a script written, and what does it ask for?

use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hyper::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, LOCATION};
use hyper::{Method, StatusCode};
use serde_json::{Map, Value};

use crate::codes;
use crate::control::Form;
use crate::edit::Edit;
use crate::plan::{self, Stage};
use crate::shorten;
use crate::wire::How;

const LONGEST_WAIT: u64 = 600_000;
const VALUE_BYTES: usize = 120;

/// A step of a script: which requests it is for, how often, and what it does.
#[derive(Debug)]
pub struct Step {
    pub on: Target,
    pub model: Option<String>,
    /// How often it is still played; `None` is always.
    pub left: Option<u64>,
    pub effect: Arc<Effect>,
}

/// Which requests a step is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    Any,
    /// What asks for pictures, be it answered at once or by a task.
    Generation,
    /// What asks for a task.
    Submission,
    /// What asks about a task, lists tasks or cancels one.
    Task,
    /// The download of a picture.
    Image,
    Route(Method, String),
}

/// What a step does to the reply.
#[derive(Debug, Default)]
pub struct Effect {
    /// The step's number in the script, and the step as it was written.
    pub number: u64,
    pub json: Value,
    pub instead: Option<Instead>,
    pub status: Option<StatusCode>,
    pub headers: HeaderMap,
    pub retry_after: Option<RetryAfter>,
    pub submitted: Option<bool>,
    pub form: Form,
    pub metadata: Option<Metadata>,
    pub edits: Vec<Edit>,
    pub truncate: Option<u64>,
    pub padding: Option<u64>,
    pub stages: Option<Vec<Stage>>,
    pub no_ranges: bool,
    pub wire: Faults,
}

/// What a step does to the way the reply takes.
#[derive(Debug, Default)]
pub struct Faults {
    pub delay: Duration,
    pub cut: Option<Break>,
    pub is_chunked: bool,
    pub stall: Option<u64>,
    pub drip: Option<(u64, Duration)>,
}

/// What is answered in place of the right reply.
#[derive(Debug)]
pub enum Instead {
    Error(Wanted),
    Bytes(Vec<u8>),
    /// A proxy's page, behind which the API went on working.
    Page(Vec<u8>),
    Redirect,
    Expired,
}

/// An error to be put in the words of the route's API.
#[derive(Debug, Default)]
pub struct Wanted {
    pub status: StatusCode,
    pub code: Option<Value>,
    pub kind: Option<String>,
    pub message: String,
}

#[derive(Debug)]
pub enum RetryAfter {
    Text(HeaderValue),
    /// A date so far from now.
    Date(Duration),
}

/// How the raw reply of the upstream is passed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Metadata {
    Object,
    Text,
}

/// Where and how a connection breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Break {
    pub at: At,
    pub how: How,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    /// Before a byte of the request is read.
    Accept,
    /// When the request was read, before a byte of the reply.
    Request,
    /// After so many bytes of the reply's head.
    Head(u64),
    /// After so many bytes of its body, or after half of it.
    Body(Option<u64>),
    /// After the whole reply.
    End,
}

impl Step {
    /// A step as JSON, or how to write what is wrong in it.
    pub fn read(json: &Value, number: u64) -> Result<Self, String> {
        let Value::Object(members) = json else {
            let shown = shorten::json(json, VALUE_BYTES);
            return Err(format!(
                "write an object, as in {{\"error\": \"Throttling\"}}, not {shown}"
            ));
        };
        let mut reader = Reader(members.clone());
        let on = reader.take("on", ON, "generation", target)?;
        let model = reader.take("model", "a model's name", "wan2.7-image-pro", string)?;
        let left = reader.take("times", "a number from 1, or \"always\"", 3, times)?;
        let effect = reader.effect(number, json)?;
        reader.finish()?;
        effect.check(on.as_ref(), model.as_ref())?;
        Ok(Self {
            on: on.unwrap_or_else(|| effect.default_target()),
            model,
            left: left.unwrap_or(Some(1)),
            effect: Arc::new(effect),
        })
    }

    /// Whether it ends connections before their requests are read.
    pub fn is_unread(&self) -> Option<How> {
        let cut = self.effect.wire.cut?;
        (cut.at == At::Accept).then_some(cut.how)
    }
}

impl Effect {
    fn default_target(&self) -> Target {
        match (&self.instead, self.stages.is_some(), self.no_ranges) {
            (Some(Instead::Expired), _, _) | (_, _, true) => Target::Image,
            (_, true, _) => Target::Submission,
            _ => Target::Generation,
        }
    }

    /// What no single member shows to be wrong.
    fn check(&self, on: Option<&Target>, model: Option<&String>) -> Result<(), String> {
        let is_unread = self.wire.cut.is_some_and(|cut| cut.at == At::Accept);
        if is_unread && (on.is_some() || model.is_some()) {
            return Err(
                "\"cut\" at \"accept\" is for any connection, since nothing was read: \
                        write it without \"on\" and \"model\""
                    .into(),
            );
        }
        let is_long = self.wire.drip.is_some() || self.padding.is_some();
        if self.wire.is_chunked && self.wire.cut.is_some() && is_long {
            return Err(
                "\"chunked\" and \"cut\" go neither with \"drip\" nor with \"padding\"".into(),
            );
        }
        Ok(())
    }
}

const ON: &str = "\"generation\", \"submission\", \"task\", \"image\", \"any\" \
                  or a method and a path";

/// The members of a step that are still to be read.
struct Reader(Map<String, Value>);

impl Reader {
    fn take<T>(
        &mut self,
        name: &str,
        rule: &str,
        sample: impl Into<Value>,
        read: impl Fn(&Value) -> Option<T>,
    ) -> Result<Option<T>, String> {
        let Some(value) = self.0.remove(name) else {
            return Ok(None);
        };
        match read(&value) {
            Some(read) => Ok(Some(read)),
            None => Err(format!(
                "{name:?}: write {rule}, as in {{{name:?}: {}}}, not {}",
                sample.into(),
                shorten::json(&value, VALUE_BYTES)
            )),
        }
    }

    fn effect(&mut self, number: u64, json: &Value) -> Result<Effect, String> {
        let status = self.take("status", "a status from 200 to 599", 503, status)?;
        let mut headers = self
            .take(
                "headers",
                "an object of texts",
                sample(r#"{"Via": "1.1 x"}"#),
                headers,
            )?
            .unwrap_or_default();
        let kind = self.take("content_type", "a media type", "text/html", header)?;
        let instead = self.instead(status, &mut headers)?;
        if let Some(kind) = kind {
            headers.insert(CONTENT_TYPE, kind);
        }
        Ok(Effect {
            number,
            json: json.clone(),
            instead,
            status,
            headers,
            retry_after: self.take("retry_after", RETRY_AFTER, 2, retry_after)?,
            submitted: self.take("submitted", "true or false", true, Value::as_bool)?,
            form: self
                .take("pictures", FORM, "b64_json", form)?
                .unwrap_or_default(),
            metadata: self.take("metadata", "\"object\" or \"text\"", "object", metadata)?,
            edits: self.edits()?,
            truncate: self.take("truncate", "a number of bytes", 100, Value::as_u64)?,
            padding: self.take("padding", "a number of bytes", 209_715_200, Value::as_u64)?,
            stages: self.take("task", plan::RULE, sample(plan::SAMPLE), plan::read)?,
            no_ranges: self.take("ranges", "true or false", false, Value::as_bool)? == Some(false),
            wire: self.faults()?,
        })
    }

    fn edits(&mut self) -> Result<Vec<Edit>, String> {
        let removed = sample(r#"["/usage"]"#);
        let set = sample(r#"{"/data/0/b64_json": ""}"#);
        let remove = self.take("remove", "an array of pointers", removed, Edit::removals)?;
        let set = self.take(
            "set",
            "an object of pointers and values",
            set,
            Edit::settings,
        )?;
        Ok([remove, set].into_iter().flatten().flatten().collect())
    }

    fn instead(
        &mut self,
        status: Option<StatusCode>,
        headers: &mut HeaderMap,
    ) -> Result<Option<Instead>, String> {
        let error = self.error(status)?;
        let body = self.take("body", BODY, sample(r#"{"text": "{"}"#), body)?;
        let page = self.take("html", "true, or the page's text", true, page)?;
        let target = self.take("redirect", "a URL", "http://127.0.0.1:9/", header)?;
        let expired = self.take("expired", "true", true, only_true)?;
        let body = body.map(|(bytes, kind)| {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
            Instead::Bytes(bytes)
        });
        if page.is_some() {
            let kind = HeaderValue::from_static("text/html; charset=UTF-8");
            headers.insert(CONTENT_TYPE, kind);
        }
        let redirect = target.map(|target| {
            headers.insert(LOCATION, target);
            Instead::Redirect
        });
        let expired = expired.map(|()| Instead::Expired);
        let all = [
            error.map(Instead::Error),
            body,
            page.map(Instead::Page),
            redirect,
            expired,
        ];
        let mut given = all.into_iter().flatten();
        match (given.next(), given.next()) {
            (instead, None) => Ok(instead),
            _ => Err(
                "write one of \"error\", \"body\", \"html\", \"redirect\" and \
                      \"expired\""
                    .into(),
            ),
        }
    }

    fn error(&mut self, status: Option<StatusCode>) -> Result<Option<Wanted>, String> {
        let name = self.take("error", "an error's code", "Throttling.RateQuota", string)?;
        let code = self.take("code", "null, a number or a text", Value::Null, scalar)?;
        let kind = self.take(
            "type",
            "the gateway's type of an error",
            "upstream_error",
            string,
        )?;
        let message = self.take("message", "a text", "slow down", string)?;
        let is_error = status.is_some_and(|status| status.as_u16() >= 400) && !self.has_instead();
        if name.is_none() && code.is_none() && kind.is_none() && message.is_none() && !is_error {
            return Ok(None);
        }
        let known = name.as_deref().and_then(codes::find);
        let status = match (status, known, &name) {
            (Some(status), ..) => status,
            (None, Some(known), _) => documented(known.status),
            (None, None, None) => StatusCode::INTERNAL_SERVER_ERROR,
            (None, None, Some(name)) => {
                let codes: Vec<_> = codes::all().map(|known| known.code).collect();
                return Err(format!(
                    "\"error\": {name:?} is no documented code; write its \"status\" as well, or \
                     one of: {}",
                    codes.join(", ")
                ));
            }
        };
        let documented = known.map(|known| known.message.to_owned());
        let message = message.or(documented);
        Ok(Some(Wanted {
            status,
            code: code.or_else(|| name.map(Value::from)),
            kind,
            message: message.unwrap_or_else(|| format!("the script says {}", status.as_u16())),
        }))
    }

    fn has_instead(&self) -> bool {
        let members = ["body", "html", "redirect", "expired"];
        members.iter().any(|name| self.0.contains_key(*name))
    }

    fn faults(&mut self) -> Result<Faults, String> {
        let delay = self.take("delay", "milliseconds", 1500, milliseconds)?;
        let cut = sample(r#"{"after": 100, "at": "body", "how": "reset"}"#);
        let drip = sample(r#"{"bytes": 10, "every": 100}"#);
        Ok(Faults {
            delay: delay.unwrap_or_default(),
            cut: self.take("cut", CUT, cut, cut_at)?,
            is_chunked: self.take("chunked", "true", true, only_true)?.is_some(),
            stall: self.take(
                "stall",
                "after how many bytes of the body",
                100,
                Value::as_u64,
            )?,
            drip: self.take(
                "drip",
                "how many bytes every so many milliseconds",
                drip,
                drip_of,
            )?,
        })
    }

    fn finish(self) -> Result<(), String> {
        match self.0.keys().next() {
            None => Ok(()),
            Some(name) => Err(format!(
                "there is no member {:?}; there are: {}",
                shorten::text(name, VALUE_BYTES),
                MEMBERS.join(", ")
            )),
        }
    }
}

const MEMBERS: &[&str] = &[
    "on",
    "model",
    "times",
    "error",
    "code",
    "type",
    "message",
    "status",
    "headers",
    "retry_after",
    "body",
    "content_type",
    "html",
    "redirect",
    "expired",
    "submitted",
    "pictures",
    "metadata",
    "set",
    "remove",
    "truncate",
    "padding",
    "task",
    "ranges",
    "delay",
    "cut",
    "chunked",
    "stall",
    "drip",
];
const FORM: &str = "\"url\" or \"b64_json\"";
const BODY: &str = "a text, or an object with \"text\" or \"base64\"";
const RETRY_AFTER: &str = "seconds, a header's text, or how many seconds from now the date is";
const CUT: &str = "where: \"accept\", \"request\", \"head\", \"body\" or \"end\", \
                   after how many bytes, and how: \"close\" or \"reset\"";

/// A sample that is shown as JSON. Every one is; a test holds them.
fn sample(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_default()
}

fn documented(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

fn target(value: &Value) -> Option<Target> {
    Some(match value.as_str()? {
        "any" => Target::Any,
        "generation" => Target::Generation,
        "submission" => Target::Submission,
        "task" => Target::Task,
        "image" => Target::Image,
        route => {
            let (method, path) = route.split_once(' ')?;
            let is_path = path.starts_with('/') && !path.contains(['?', ' ']);
            let method = Method::from_bytes(method.as_bytes()).ok()?;
            Target::Route(method, is_path.then(|| path.to_owned())?)
        }
    })
}

/// Once in the outer sense: how often, where `None` is always.
fn times(value: &Value) -> Option<Option<u64>> {
    match value.as_str() {
        Some("always") => Some(None),
        _ => value.as_u64().filter(|times| *times > 0).map(Some),
    }
}

fn string(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

fn scalar(value: &Value) -> Option<Value> {
    let is_scalar = value.is_null() || value.is_number() || value.is_string();
    is_scalar.then(|| value.clone())
}

fn only_true(value: &Value) -> Option<()> {
    (value == &Value::Bool(true)).then_some(())
}

fn status(value: &Value) -> Option<StatusCode> {
    let status = value.as_u64().filter(|code| (200..600).contains(code))?;
    StatusCode::from_u16(u16::try_from(status).ok()?).ok()
}

fn header(value: &Value) -> Option<HeaderValue> {
    HeaderValue::from_str(value.as_str()?).ok()
}

fn headers(value: &Value) -> Option<HeaderMap> {
    let members = value.as_object()?.iter();
    let entry = |(name, value): (&String, &Value)| {
        Some((
            HeaderName::from_bytes(name.as_bytes()).ok()?,
            header(value)?,
        ))
    };
    members.map(entry).collect()
}

fn retry_after(value: &Value) -> Option<RetryAfter> {
    if let Some(ahead) = alone(value, "date") {
        return Some(RetryAfter::Date(Duration::from_secs(ahead.as_u64()?)));
    }
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    HeaderValue::from_str(&text).ok().map(RetryAfter::Text)
}

/// The value of an object's only member.
fn alone<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    let members = value.as_object().filter(|members| members.len() == 1)?;
    members.get(name)
}

/// The bytes of a body, and the media type that it has unless another is given.
fn body(value: &Value) -> Option<(Vec<u8>, &'static str)> {
    let text = value.as_str().or_else(|| alone(value, "text")?.as_str());
    match text {
        Some(text) => Some((text.into(), "application/json")),
        None => {
            let bytes = STANDARD.decode(alone(value, "base64")?.as_str()?).ok()?;
            Some((bytes, "application/octet-stream"))
        }
    }
}

fn page(value: &Value) -> Option<Vec<u8>> {
    match value {
        Value::Bool(true) => Some(PAGE.into()),
        Value::String(page) => Some(page.clone().into()),
        _ => None,
    }
}

const PAGE: &str = "<!DOCTYPE html>\n<html><head><title>524: A timeout occurred</title></head>\n\
                    <body><h1>A timeout occurred</h1><p>Error code 524</p></body></html>\n";

fn form(value: &Value) -> Option<Form> {
    Form::parse(value.as_str()?)
}

fn metadata(value: &Value) -> Option<Metadata> {
    match value.as_str()? {
        "object" => Some(Metadata::Object),
        "text" => Some(Metadata::Text),
        _ => None,
    }
}

fn milliseconds(value: &Value) -> Option<Duration> {
    let asked = value.as_u64()?;
    Some(Duration::from_millis(asked.min(LONGEST_WAIT)))
}

fn cut_at(value: &Value) -> Option<Break> {
    /// Enough for a part of the status line.
    const WITHIN_HEAD: u64 = 10;
    let members = value.as_object();
    let known = ["at", "after", "how"];
    let is_known = |name: &String| known.contains(&name.as_str());
    if !members.is_none_or(|members| members.keys().all(is_known)) {
        return None;
    }
    let at = value.as_str().or_else(|| value["at"].as_str())?;
    let after = match value.get("after") {
        Some(after) => Some(after.as_u64()?),
        None => None,
    };
    let at = match (at, after) {
        ("accept", None) => At::Accept,
        ("request", None) => At::Request,
        ("head", after) => At::Head(after.unwrap_or(WITHIN_HEAD)),
        ("body", after) => At::Body(after),
        ("end", None) => At::End,
        _ => return None,
    };
    let how = match value.get("how") {
        None => How::Close,
        Some(how) => match how.as_str()? {
            "close" => How::Close,
            "reset" => How::Reset,
            _ => return None,
        },
    };
    Some(Break { at, how })
}

fn drip_of(value: &Value) -> Option<(u64, Duration)> {
    let members = value.as_object().filter(|members| members.len() == 2)?;
    let bytes = members.get("bytes")?.as_u64().filter(|bytes| *bytes > 0)?;
    Some((bytes, milliseconds(members.get("every")?)?))
}
