//! What does a reply to a valid request look like?

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Map, Value, json};

use crate::api::Api;
use crate::catalog::Document;
use crate::control::{self, Form};
use crate::fault::Fault;
use crate::picture::Picture;
use crate::schema::{Member, member};
use crate::violation;

/// A reply as its document allows it. In the base64 form, `b64_json` is still
/// empty: drawing comes after the decision.
pub fn build(
    api: Api,
    document: &Document,
    pictures: &[Picture],
    form: Form,
    base: &str,
    request_id: &str,
) -> Result<Value, Fault> {
    let urls: Vec<_> = pictures
        .iter()
        .map(|picture| format!("{base}/_images/{}", picture.file_name()))
        .collect();
    let reply = match api {
        Api::Gateway => gateway(document, &urls, form)?,
        Api::DashScope if form == Form::Base64 => return Err(control::no_base64(&document.name)),
        Api::DashScope => dashscope(pictures, &urls, request_id),
    };
    match &document.response {
        Some(schema) => match violation::find(schema, &reply) {
            Some(found) => Err(Fault::sandbox(format!(
                "the sandbox has no reply that the response schema of {} allows: {}",
                document.name, found.text
            ))),
            None => Ok(reply),
        },
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

fn dashscope(pictures: &[Picture], urls: &[String], request_id: &str) -> Value {
    let choice = |url: &String| {
        json!({
            "finish_reason": "stop",
            "message": {"role": "assistant", "content": [{"image": url}]},
        })
    };
    let size = pictures.first();
    json!({
        "request_id": request_id,
        "output": {"choices": urls.iter().map(choice).collect::<Vec<_>>()},
        "usage": {
            "image_count": pictures.len(),
            "width": size.map(|picture| picture.width),
            "height": size.map(|picture| picture.height),
        },
    })
}

fn now() -> u64 {
    let elapsed = SystemTime::now().duration_since(UNIX_EPOCH);
    elapsed.map_or(0, |elapsed| elapsed.as_secs())
}
