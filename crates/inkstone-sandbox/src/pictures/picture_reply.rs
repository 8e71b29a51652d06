//! Replies that hold pictures, as their documents describe them.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Map, Value, json};

use crate::documents::api::Api;
use crate::documents::api_error::ApiError;
use crate::documents::document::Document;
use crate::documents::schema::{Member, member};
use crate::documents::violations;
use crate::pictures::encoding::{ENCODING_HEADER, PictureEncoding};
use crate::pictures::render_job::RenderJob;

/// A reply that its document allows. With base64, `b64_json` is still empty: the
/// pictures are drawn later, and [`fill`] puts them in.
pub fn build(
    api: Api,
    document: &Document,
    job: &RenderJob,
    encoding: PictureEncoding,
    request_id: &str,
) -> Result<Value, ApiError> {
    let reply = match api {
        Api::Gateway => gateway(document, &job.urls, encoding)?,
        Api::DashScope if encoding == PictureEncoding::Base64 => return Err(no_base64(document)),
        Api::DashScope => dashscope(Some(document), job, request_id),
    };
    checked(document, reply)
}

/// A reply, if its document allows it.
pub fn checked(document: &Document, reply: Value) -> Result<Value, ApiError> {
    let schema = document.response.as_ref();
    match schema.and_then(|schema| violations::find(schema, &reply)) {
        Some(found) => Err(ApiError::sandbox(format!(
            "the sandbox has no reply that the response schema of {} allows: {}",
            document.name, found.text
        ))),
        None => Ok(reply),
    }
}

/// The first of several forms of a reply that its document allows.
pub fn first_allowed(document: &Document, replies: Vec<Value>) -> Result<Value, ApiError> {
    let mut last = Err(ApiError::sandbox("there is no such reply"));
    for reply in replies {
        last = checked(document, reply);
        if last.is_ok() {
            break;
        }
    }
    last
}

/// Puts pictures, as base64, into a reply.
pub fn fill(reply: &mut Value, base64: Vec<String>) {
    for (index, text) in base64.into_iter().enumerate() {
        if let Some(place) = reply.pointer_mut(&format!("/data/{index}/b64_json")) {
            *place = text.into();
        }
    }
}

/// Adds the upstream's raw reply with every picture, as the gateway does, and leaves
/// only one picture beside it.
pub fn add_upstream(reply: &mut Value, job: &RenderJob, request_id: &str, as_text: bool) {
    let raw = dashscope(None, job, request_id);
    if let Some(data) = reply["data"].as_array_mut() {
        data.truncate(1);
    }
    if let Some(members) = reply.as_object_mut() {
        let raw = if as_text { raw.to_string().into() } else { raw };
        members.insert("metadata".into(), raw);
    }
}

fn gateway(
    document: &Document,
    urls: &[String],
    encoding: PictureEncoding,
) -> Result<Value, ApiError> {
    const ITEM: [&str; 3] = ["properties", "data", "items"];
    let response = document.response.as_ref();
    let item = response.map_or(&Value::Null, |schema| schema.at(&ITEM));
    let is_base64 = encoding == PictureEncoding::Base64;
    if is_base64 && member(item, "b64_json") == Member::Forbidden {
        return Err(no_base64(document));
    }
    let data = urls.iter().map(|url| gateway_picture(item, url, is_base64));
    Ok(json!({"created": now(), "data": data.collect::<Vec<_>>()}))
}

fn gateway_picture(schema: &Value, url: &str, is_base64: bool) -> Map<String, Value> {
    let mut members = Map::new();
    if member(schema, "url") != Member::Forbidden {
        let url = if is_base64 { "" } else { url };
        members.insert("url".into(), url.into());
    }
    if is_base64 || member(schema, "b64_json") == Member::Named {
        members.insert("b64_json".into(), "".into());
    }
    if member(schema, "revised_prompt") == Member::Named {
        members.insert("revised_prompt".into(), "".into());
    }
    members
}

fn dashscope(document: Option<&Document>, job: &RenderJob, request_id: &str) -> Value {
    let response = document.and_then(|document| document.response.as_ref());
    let named = |path: &[&str], name: &str| {
        response.is_some_and(|schema| member(schema.at(path), name) == Member::Named)
    };
    let is_typed = named(&CONTENT, "type");
    let mut output = json!({"choices": choices(&job.urls, is_typed)});
    if named(&["properties", "output"], "finished") {
        output["finished"] = true.into();
    }
    let mut usage = usage(job, job.urls.len());
    usage.retain(|name, _| match name.as_str() {
        "image_count" => true,
        // Without a document, the reply has what most have.
        "width" | "height" if response.is_none() => true,
        name => named(&["properties", "usage"], name),
    });
    json!({"request_id": request_id, "output": output, "usage": usage})
}

/// The error where base64 is asked for and the reply can't hold it.
fn no_base64(document: &Document) -> ApiError {
    let name = &document.name;
    let message = format!("{ENCODING_HEADER}: the replies of {name} can't hold base64; write url");
    ApiError::request(ENCODING_HEADER, message)
}

/// Where a reply's schema describes a part of a message.
const CONTENT: [&str; 10] = [
    "properties",
    "output",
    "properties",
    "choices",
    "items",
    "properties",
    "message",
    "properties",
    "content",
    "items",
];

/// Pictures in messages; `is_typed` adds the member that says `image`.
pub fn choices(urls: &[String], is_typed: bool) -> Vec<Value> {
    let choice = |url: &String| {
        let part = match is_typed {
            true => json!({"type": "image", "image": url}),
            false => json!({"image": url}),
        };
        json!({"finish_reason": "stop", "message": {"role": "assistant", "content": [part]}})
    };
    urls.iter().map(choice).collect()
}

/// All members that `usage` has for any model, for so many pictures.
pub fn usage(job: &RenderJob, count: usize) -> Map<String, Value> {
    let (width, height) = job.size;
    let input = job.prompt.chars().count();
    let members = [
        ("image_count", json!(count)),
        ("input_image_count", json!(job.inputs)),
        ("input_image_type", json!("qima_input_1k")),
        ("output_image_count", json!(count)),
        ("output_image_type", json!(output_type(width, height))),
        ("output_width", json!(width)),
        ("output_height", json!(height)),
        ("width", json!(width)),
        ("height", json!(height)),
        ("size", json!(format!("{width}*{height}"))),
        ("input_tokens", json!(input)),
        ("output_tokens", json!(count)),
        ("total_tokens", json!(input + count)),
    ];
    members
        .map(|(name, value)| (name.to_owned(), value))
        .into_iter()
        .collect()
}

/// The tier that a picture is billed in.
fn output_type(width: u32, height: u32) -> &'static str {
    const LARGEST_OF_1K: u64 = 2_250_000;
    match u64::from(width) * u64::from(height) {
        ..=LARGEST_OF_1K => "qima_output_1k",
        _ => "qima_output_2k",
    }
}

fn now() -> u64 {
    let elapsed = SystemTime::now().duration_since(UNIX_EPOCH);
    elapsed.map_or(0, |elapsed| elapsed.as_secs())
}
