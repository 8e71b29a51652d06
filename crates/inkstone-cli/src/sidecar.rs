//! What lies beside a picture, and what is kept when one can't be saved.

use std::fs;
use std::path::Path;

use inkstone::{Image, Source};
use serde_json::{Value, json};

use crate::sent::Sent;

/// From how many bytes on a data URI is left out.
const LONGEST: usize = 256;

/// The file beside a picture: how it was made, and where it came from.
pub fn of(sent: &Sent<'_>, request_id: Option<&str>, image: &Image) -> Value {
    let mut record = record(sent, request_id);
    record["source"] = source(image);
    record
}

/// What the file beside the picture at `path` says, where there is one.
pub fn beside(path: &Path) -> Option<Value> {
    let mut name = path.file_name()?.to_owned();
    name.push(".json");
    serde_json::from_slice(&fs::read(path.with_file_name(name)).ok()?).ok()
}

/// Model, API, request, request id and time.
pub fn record(sent: &Sent<'_>, request_id: Option<&str>) -> Value {
    let mut request = sent.body.clone();
    shorten(&mut request);
    let mut record = json!({
        "model": sent.model,
        "api": sent.api,
        "document": sent.document,
        "request": request,
        "request_id": request_id,
        "time": sent.stamp.time,
    });
    if let Some(task_id) = sent.task_id {
        record["task_id"] = task_id.into();
    }
    record
}

/// Where a picture was in the reply, without the picture itself.
pub fn source(image: &Image) -> Value {
    match &image.source {
        Source::Url(url) => json!({"pointer": image.pointer, "url": url}),
        Source::Base64(_) | Source::Spooled(_) => json!({"pointer": image.pointer}),
    }
}

/// Leaves the bytes of pictures out.
pub fn shorten(value: &mut Value) {
    match value {
        Value::String(text) if text.len() > LONGEST && text.starts_with("data:") => {
            let kind = text.split_once(',').map_or("data:", |(kind, _)| kind);
            let kind: String = kind.chars().take(64).collect();
            *text = format!("{kind},… ({} characters)", text.len());
        }
        Value::Array(items) => items.iter_mut().for_each(shorten),
        Value::Object(members) => members.values_mut().for_each(shorten),
        _ => {}
    }
}
