//! What does a reply to a valid request look like?

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Map, Value, json};

use crate::api::Api;
use crate::catalog::Document;
use crate::control::{self, Form};
use crate::fault::Fault;
use crate::order::Order;
use crate::schema::{Member, member};
use crate::violation;

/// A reply as its document allows it. In the base64 form, `b64_json` is still
/// empty: drawing comes after the decision.
pub fn build(
    api: Api,
    document: &Document,
    order: &Order,
    form: Form,
    request_id: &str,
) -> Result<Value, Fault> {
    let reply = match api {
        Api::Gateway => gateway(document, &order.urls, form)?,
        Api::DashScope if form == Form::Base64 => return Err(control::no_base64(&document.name)),
        Api::DashScope => dashscope(Some(document), order, request_id),
    };
    checked(document, reply)
}

/// A reply, unless its document refuses it.
pub fn checked(document: &Document, reply: Value) -> Result<Value, Fault> {
    let schema = document.response.as_ref();
    match schema.and_then(|schema| violation::find(schema, &reply)) {
        Some(found) => Err(Fault::sandbox(format!(
            "the sandbox has no reply that the response schema of {} allows: {}",
            document.name, found.text
        ))),
        None => Ok(reply),
    }
}

/// Puts the pictures into a reply in the base64 form.
pub fn fill(reply: &mut Value, base64: Vec<String>) {
    for (index, text) in base64.into_iter().enumerate() {
        if let Some(place) = reply.pointer_mut(&format!("/data/{index}/b64_json")) {
            *place = text.into();
        }
    }
}

/// Adds the reply of the upstream as the gateway passes it on, with every picture,
/// and leaves but one of them beside it.
pub fn collapse(reply: &mut Value, order: &Order, request_id: &str, as_text: bool) {
    let raw = dashscope(None, order, request_id);
    if let Some(data) = reply["data"].as_array_mut() {
        data.truncate(1);
    }
    if let Some(members) = reply.as_object_mut() {
        let raw = if as_text { raw.to_string().into() } else { raw };
        members.insert("metadata".into(), raw);
    }
}

fn gateway(document: &Document, urls: &[String], form: Form) -> Result<Value, Fault> {
    const ITEM: [&str; 3] = ["properties", "data", "items"];
    let response = document.response.as_ref();
    let item = response.map_or(&Value::Null, |schema| schema.at(&ITEM));
    let is_base64 = form == Form::Base64;
    let base64 = member(item, "b64_json");
    if is_base64 && base64 == Member::Refused {
        return Err(control::no_base64(&document.name));
    }
    let data = urls.iter().map(|url| {
        let mut members = Map::new();
        if member(item, "url") != Member::Refused {
            let url = if is_base64 { "" } else { url };
            members.insert("url".into(), url.into());
        }
        if is_base64 || base64 == Member::Named {
            members.insert("b64_json".into(), "".into());
        }
        if member(item, "revised_prompt") == Member::Named {
            members.insert("revised_prompt".into(), "".into());
        }
        Value::Object(members)
    });
    Ok(json!({"created": now(), "data": data.collect::<Vec<_>>()}))
}

fn dashscope(document: Option<&Document>, order: &Order, request_id: &str) -> Value {
    let response = document.and_then(|document| document.response.as_ref());
    let named = |path: &[&str], name: &str| {
        response.is_some_and(|schema| member(schema.at(path), name) == Member::Named)
    };
    let is_typed = named(&CONTENT, "type");
    let mut output = json!({"choices": choices(&order.urls, is_typed)});
    if named(&["properties", "output"], "finished") {
        output["finished"] = true.into();
    }
    let mut usage = usage(order, order.urls.len());
    usage.retain(|name, _| match name.as_str() {
        "image_count" => true,
        // What no document speaks of is answered as Qwen does.
        "width" | "height" if response.is_none() => true,
        name => named(&["properties", "usage"], name),
    });
    json!({"request_id": request_id, "output": output, "usage": usage})
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

/// Pictures as messages have them, each saying that it is one if asked to.
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

/// All that any model says of what it used, for so many pictures.
pub fn usage(order: &Order, count: usize) -> Map<String, Value> {
    let (width, height) = order.size;
    let input = order.prompt.chars().count();
    let members = [
        ("image_count", json!(count)),
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

fn now() -> u64 {
    let elapsed = SystemTime::now().duration_since(UNIX_EPOCH);
    elapsed.map_or(0, |elapsed| elapsed.as_secs())
}
