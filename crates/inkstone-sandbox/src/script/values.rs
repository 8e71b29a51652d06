//! How the single values of a step are written.

use std::str::FromStr;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hyper::StatusCode;
use hyper::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;

use crate::script::effect::{CutAt, CutKind, LONGEST_DELAY, RetryAfter, ScriptedCut};

/// How often a step is played; the inner `None` is always.
pub fn times(value: &Value) -> Option<Option<u64>> {
    match value.as_str() {
        Some("always") => Some(None),
        _ => value.as_u64().filter(|times| *times > 0).map(Some),
    }
}

pub fn string(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

pub fn scalar(value: &Value) -> Option<Value> {
    let is_scalar = value.is_null() || value.is_number() || value.is_string();
    is_scalar.then(|| value.clone())
}

pub fn only_true(value: &Value) -> Option<()> {
    (value == &Value::Bool(true)).then_some(())
}

pub fn status(value: &Value) -> Option<StatusCode> {
    let status = value.as_u64().filter(|code| (200..600).contains(code))?;
    StatusCode::from_u16(u16::try_from(status).ok()?).ok()
}

pub fn header(value: &Value) -> Option<HeaderValue> {
    HeaderValue::from_str(value.as_str()?).ok()
}

pub fn headers(value: &Value) -> Option<HeaderMap> {
    let members = value.as_object()?.iter();
    let entry = |(name, value): (&String, &Value)| {
        Some((
            HeaderName::from_bytes(name.as_bytes()).ok()?,
            header(value)?,
        ))
    };
    members.map(entry).collect()
}

pub fn retry_after(value: &Value) -> Option<RetryAfter> {
    if let Some(ahead) = only_member(value, "date") {
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
fn only_member<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    let members = value.as_object().filter(|members| members.len() == 1)?;
    members.get(name)
}

/// The bytes of a body, and the media type that it has unless another is given.
pub fn body(value: &Value) -> Option<(Vec<u8>, &'static str)> {
    let text = value
        .as_str()
        .or_else(|| only_member(value, "text")?.as_str());
    match text {
        Some(text) => Some((text.into(), "application/json")),
        None => {
            let bytes = STANDARD
                .decode(only_member(value, "base64")?.as_str()?)
                .ok()?;
            Some((bytes, "application/octet-stream"))
        }
    }
}

/// Texts, and the bytes that are to be in their place.
pub fn replacements(value: &Value) -> Option<Vec<(String, Vec<u8>)>> {
    let pair = |(from, to): (&String, &Value)| {
        let (bytes, _) = body(to)?;
        (!from.is_empty()).then(|| (from.clone(), bytes))
    };
    value.as_object()?.iter().map(pair).collect()
}

pub fn page(value: &Value) -> Option<Vec<u8>> {
    match value {
        Value::Bool(true) => Some(PAGE.into()),
        Value::String(page) => Some(page.clone().into()),
        _ => None,
    }
}

const PAGE: &str = "<!DOCTYPE html>\n<html><head><title>524: A timeout occurred</title></head>\n\
                    <body><h1>A timeout occurred</h1><p>Error code 524</p></body></html>\n";

/// One of the names of an enum.
pub fn named<T: FromStr>(value: &Value) -> Option<T> {
    value.as_str()?.parse().ok()
}

pub fn milliseconds(value: &Value) -> Option<Duration> {
    let asked = value.as_u64()?;
    Some(Duration::from_millis(asked.min(LONGEST_DELAY)))
}

pub fn cut(value: &Value) -> Option<ScriptedCut> {
    let known = ["at", "after", "how"];
    if let Value::Object(members) = value
        && !members.keys().all(|name| known.contains(&name.as_str()))
    {
        return None;
    }
    let kind = match value.get("how").map(Value::as_str) {
        None | Some(Some("close")) => CutKind::Close,
        Some(Some("reset")) => CutKind::Reset,
        Some(_) => return None,
    };
    let at = cut_at(value)?;
    Some(ScriptedCut { at, kind })
}

fn cut_at(value: &Value) -> Option<CutAt> {
    /// Enough for a part of the status line.
    const WITHIN_HEAD: u64 = 10;
    let after = match value.get("after") {
        Some(after) => Some(after.as_u64()?),
        None => None,
    };
    let place = value.as_str().or_else(|| value["at"].as_str())?;
    match (place, after) {
        ("accept", None) => Some(CutAt::Accept),
        ("request", None) => Some(CutAt::Request),
        ("head", after) => Some(CutAt::Head(after.unwrap_or(WITHIN_HEAD))),
        ("body", after) => Some(CutAt::Body(after)),
        ("end", None) => Some(CutAt::End),
        _ => None,
    }
}

pub fn drip(value: &Value) -> Option<(u64, Duration)> {
    let members = value.as_object().filter(|members| members.len() == 2)?;
    let bytes = members.get("bytes")?.as_u64().filter(|bytes| *bytes > 0)?;
    Some((bytes, milliseconds(members.get("every")?)?))
}
