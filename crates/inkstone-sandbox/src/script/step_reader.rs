//! Takes the members of a step out of its JSON, until none is left.

use hyper::StatusCode;
use hyper::header::{CONTENT_TYPE, HeaderMap, HeaderValue, LOCATION};
use serde_json::{Map, Value};

use crate::documents::error_codes;
use crate::script::byte_edits::ByteEdits;
use crate::script::edit::Edit;
use crate::script::effect::{Effect, Override, ScriptedError, Transport};
use crate::script::values;
use crate::shorten;
use crate::tasks::stages;

/// How much of a value an error message shows.
pub const VALUE_BYTES: usize = 120;

/// The members of a step that are still to be read.
pub struct StepReader(Map<String, Value>);

impl StepReader {
    pub fn new(members: &Map<String, Value>) -> Self {
        Self(members.clone())
    }

    /// Takes a member that `read` understands; `rule` and `sample` say how to write it.
    pub fn take<T>(
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

    fn take_bytes(&mut self, name: &str, sample: u64) -> Result<Option<u64>, String> {
        self.take(name, "a number of bytes", sample, Value::as_u64)
    }

    pub fn effect(&mut self, number: u64, json: &Value) -> Result<Effect, String> {
        let status = self.take("status", "a status from 200 to 599", 503, values::status)?;
        let via = sample(r#"{"Via": "1.1 x"}"#);
        let headers = self.take("headers", "an object of texts", via, values::headers)?;
        let mut headers = headers.unwrap_or_default();
        let kind = self.take("content_type", "a media type", "text/html", values::header)?;
        let override_reply = self.override_reply(status, &mut headers)?;
        if let Some(kind) = kind {
            headers.insert(CONTENT_TYPE, kind);
        }
        let ranges = self.take("ranges", "true or false", false, Value::as_bool)?;
        let tasks = sample(stages::SAMPLE);
        Ok(Effect {
            number: Some(number),
            json: json.clone(),
            override_reply,
            status,
            headers,
            retry_after: self.take("retry_after", RETRY_AFTER, 2, values::retry_after)?,
            submitted: self.submitted()?,
            encoding: self
                .take("pictures", ENCODING, "b64_json", values::named)?
                .unwrap_or_default(),
            metadata: self.take("metadata", METADATA, "object", values::named)?,
            edits: self.edits()?,
            bytes: self.byte_edits()?,
            truncate: self.take_bytes("truncate", 100)?,
            padding: self.take_bytes("padding", 209_715_200)?,
            stages: self.take("task", stages::RULE, tasks, stages::read)?,
            no_ranges: ranges == Some(false),
            transport: self.transport()?,
        })
    }

    /// Whether the request counts as submitted; one that is fulfilled does.
    fn submitted(&mut self) -> Result<Option<bool>, String> {
        let fulfilled = self.take("fulfilled", "true", true, values::only_true)?;
        let submitted = self.take("submitted", "true or false", true, Value::as_bool)?;
        Ok(submitted.or(fulfilled.map(|()| true)))
    }

    fn edits(&mut self) -> Result<Vec<Edit>, String> {
        let removed = sample(r#"["/usage"]"#);
        let remove = self.take("remove", "an array of pointers", removed, Edit::removals)?;
        let rule = "an object of pointers and values";
        let set = sample(r#"{"/data/0/b64_json": ""}"#);
        let set = self.take("set", rule, set, Edit::settings)?;
        Ok([remove, set].into_iter().flatten().flatten().collect())
    }

    fn byte_edits(&mut self) -> Result<ByteEdits, String> {
        let scheme = sample(r#"{"https:": "HTTPS:"}"#);
        let replace = self.take("replace", REPLACE, scheme, values::replacements)?;
        let mark = sample(r#"{"base64": "77u/"}"#);
        let prepend = self.take("prepend", BODY, mark, values::body)?;
        let append = self.take("append", BODY, "<!-- cached -->", values::body)?;
        let gzip = self.take("gzip", "true", true, values::only_true)?;
        let bytes = |body: Option<(Vec<u8>, _)>| body.unwrap_or_default().0;
        Ok(ByteEdits {
            replace: replace.unwrap_or_default(),
            prepend: bytes(prepend),
            append: bytes(append),
            gzip: gzip.is_some(),
        })
    }

    /// What is answered instead of the right reply, with its headers.
    fn override_reply(
        &mut self,
        status: Option<StatusCode>,
        headers: &mut HeaderMap,
    ) -> Result<Option<Override>, String> {
        let error = self.error(status)?.map(Override::Error);
        let body = self.take("body", BODY, sample(r#"{"text": "{"}"#), values::body)?;
        let page = self.take("html", "true, or the page's text", true, values::page)?;
        let target = self.take("redirect", "a URL", "http://127.0.0.1:9/", values::header)?;
        let expired = self.take("expired", "true", true, values::only_true)?;
        let body = body.map(|(bytes, kind)| {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
            Override::Bytes(bytes)
        });
        let page = page.map(|page| {
            let kind = HeaderValue::from_static("text/html; charset=UTF-8");
            headers.insert(CONTENT_TYPE, kind);
            Override::Page(page)
        });
        let redirect = target.map(|target| {
            headers.insert(LOCATION, target);
            Override::Redirect
        });
        let expired = expired.map(|()| Override::Expired);
        let all = [error, body, page, redirect, expired];
        let mut given = all.into_iter().flatten();
        match (given.next(), given.next()) {
            (only, None) => Ok(only),
            _ => Err(ONE_OVERRIDE.into()),
        }
    }

    fn error(&mut self, status: Option<StatusCode>) -> Result<Option<ScriptedError>, String> {
        let sample = "Throttling.RateQuota";
        let name = self.take("error", "an error's code", sample, values::string)?;
        let rule = "null, a number or a text";
        let code = self.take("code", rule, Value::Null, values::scalar)?;
        let rule = "the gateway's type of an error";
        let kind = self.take("type", rule, "upstream_error", values::string)?;
        let message = self.take("message", "a text", "slow down", values::string)?;
        let is_error = status.is_some_and(|status| status.as_u16() >= 400) && !self.has_override();
        if name.is_none() && code.is_none() && kind.is_none() && message.is_none() && !is_error {
            return Ok(None);
        }
        let documented = name.as_deref().and_then(error_codes::find);
        let status = error_status(status, documented, name.as_deref())?;
        let message = message.or(documented.map(|documented| documented.message.to_owned()));
        Ok(Some(ScriptedError {
            status,
            code: code.or_else(|| name.map(Value::from)),
            kind,
            message: message.unwrap_or_else(|| format!("the script says {}", status.as_u16())),
        }))
    }

    /// Whether a member is left that answers something other than an error.
    fn has_override(&self) -> bool {
        let members = ["body", "html", "redirect", "expired", "fulfilled"];
        members.iter().any(|name| self.0.contains_key(*name))
    }

    fn transport(&mut self) -> Result<Transport, String> {
        let delay = self.take("delay", "milliseconds", 1500, values::milliseconds)?;
        let cut = sample(r#"{"after": 100, "at": "body", "how": "reset"}"#);
        let drip = sample(r#"{"bytes": 10, "every": 100}"#);
        let chunked = self.take("chunked", "true", true, values::only_true)?;
        Ok(Transport {
            delay: delay.unwrap_or_default(),
            cut: self.take("cut", CUT, cut, values::cut)?,
            is_chunked: chunked.is_some(),
            stall: self.take("stall", STALL, 100, Value::as_u64)?,
            drip: self.take("drip", DRIP, drip, values::drip)?,
        })
    }

    /// Refuses members that no step has.
    pub fn finish(self) -> Result<(), String> {
        match self.0.keys().next() {
            None => Ok(()),
            Some(name) => Err(format!(
                "there is no member {:?}; there are: {MEMBERS}",
                shorten::text(name, VALUE_BYTES)
            )),
        }
    }
}

/// The status of an error: the given one, the documented one, or 500.
fn error_status(
    given: Option<StatusCode>,
    documented: Option<&error_codes::Code>,
    name: Option<&str>,
) -> Result<StatusCode, String> {
    let documented = documented.and_then(|code| StatusCode::from_u16(code.status).ok());
    match (given.or(documented), name) {
        (Some(status), _) => Ok(status),
        (None, None) => Ok(StatusCode::INTERNAL_SERVER_ERROR),
        (None, Some(name)) => {
            let codes: Vec<_> = error_codes::all().map(|known| known.code).collect();
            Err(format!(
                "\"error\": {name:?} is not a documented code; write its \"status\" as well, or \
                 one of: {}",
                codes.join(", ")
            ))
        }
    }
}

/// The members of a step, as a message lists them.
const MEMBERS: &str = "on, model, times, error, code, type, message, status, fulfilled, \
                       headers, retry_after, body, content_type, html, redirect, expired, \
                       submitted, pictures, metadata, set, remove, replace, prepend, append, \
                       gzip, truncate, padding, task, ranges, delay, cut, chunked, stall, drip";
const ENCODING: &str = "\"url\" or \"b64_json\"";
const REPLACE: &str = "an object of texts, and of the texts or bytes in their place";
const BODY: &str = "a text, or an object with \"text\" or \"base64\"";
const RETRY_AFTER: &str = "seconds, a header's text, or how many seconds from now the date is";
const CUT: &str = "where: \"accept\", \"request\", \"head\", \"body\" or \"end\", \
                   after how many bytes, and how: \"close\" or \"reset\"";

const METADATA: &str = "\"object\" or \"text\"";
const STALL: &str = "after how many bytes of the body";
const DRIP: &str = "how many bytes every so many milliseconds";
const ONE_OVERRIDE: &str =
    "write one of \"error\", \"body\", \"html\", \"redirect\" and \"expired\"";

/// A sample as JSON, for an error message. Each is valid; tests of the messages show it.
fn sample(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_default()
}
