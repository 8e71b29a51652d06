//! The pictures that a valid request asks for.

use serde_json::Value;

use crate::documents::api::Api;
use crate::documents::api_error::ApiError;
use crate::documents::document::Document;
use crate::keywords::size;
use crate::pictures::picture::{LARGEST_AREA, LONGEST_SIDE, Picture};
use crate::shorten;

/// No document allows as many, but a schema without a limit allows a million.
const MOST_PICTURES: u64 = 100;
const SIZE_WITHOUT_DEFAULT: (u32, u32) = (1024, 1024);

/// How much of a prompt is kept with a task.
const PROMPT_CHARACTERS: usize = 2000;

/// The pictures to be made, and what the reply says of them.
#[derive(Clone)]
pub struct RenderJob {
    pub model: String,
    pub prompt: String,
    /// How many pictures the request brings along.
    pub inputs: usize,
    /// The size that was asked for.
    pub size: (u32, u32),
    pub pictures: Vec<Picture>,
    pub urls: Vec<String>,
    /// Whether the request has the older form, without messages, and so has the reply.
    pub is_legacy: bool,
}

/// The job of a valid body, with the URLs of its pictures below `base`.
pub fn from_body(
    api: Api,
    document: &Document,
    body: &Value,
    base: &str,
    is_tiny: bool,
) -> Result<RenderJob, ApiError> {
    let mut pictures = pictures(api, document, body)?;
    let first = pictures.first();
    let size = first.map_or(SIZE_WITHOUT_DEFAULT, |first| (first.width, first.height));
    if is_tiny {
        pictures.iter_mut().for_each(Picture::shrink);
    }
    let url = |picture: &Picture| format!("{base}/_images/{}", picture.file_name());
    Ok(RenderJob {
        model: body["model"].as_str().unwrap_or_default().to_owned(),
        prompt: shorten::text(api.prompt(body), PROMPT_CHARACTERS),
        inputs: api.inputs(body),
        size,
        urls: pictures.iter().map(url).collect(),
        pictures,
        is_legacy: body["input"]["prompt"].is_string(),
    })
}

/// The pictures that a valid body asks for.
fn pictures(api: Api, document: &Document, body: &Value) -> Result<Vec<Picture>, ApiError> {
    let path = api.parameters_path();
    let given = path.iter().fold(body, |place, name| &place[*name]);
    let pointer = |name: &str| format!("/{}", [path, &[name]].concat().join("/"));
    let size = match &given["size"] {
        Value::Null => &document.member_schema(path, "size")["default"],
        size => size,
    };
    let wrong_size = |message| ApiError::request(pointer("size"), message);
    let dimensions = dimensions(size).map_err(wrong_size)?;
    let count = count(&given["n"]).map_err(|message| ApiError::request(pointer("n"), message))?;
    let model = body["model"].as_str().unwrap_or_default();
    let seed = seed(&given["seed"]);
    let picture = |index: u64| {
        let parts = [model, api.prompt(body), &seed, &index.to_string()];
        Picture::new(dimensions, &parts.map(str::as_bytes))
    };
    let pictures: Option<Vec<_>> = (0..count).map(picture).collect();
    pictures.ok_or_else(|| wrong_size(too_large(size)))
}

fn too_large(size: &Value) -> String {
    let size = shorten::json(size, 60);
    format!(
        "the sandbox draws sides of up to {LONGEST_SIDE} and {LARGEST_AREA} pixels in all, \
         not {size}"
    )
}

fn count(n: &Value) -> Result<u64, String> {
    match integer(n).filter(|count| *count > 0).unwrap_or(1) {
        count if count > MOST_PICTURES => Err(format!(
            "the sandbox draws at most {MOST_PICTURES} pictures, not {count}"
        )),
        count => Ok(count),
    }
}

fn dimensions(size: &Value) -> Result<(u32, u32), String> {
    match size.as_str() {
        Some(text) => size::pixels(text).ok_or_else(|| {
            let text = shorten::text(text, 60);
            format!("the sandbox draws 1K, 2K, 4K or <width>x<height>, not {text:?}")
        }),
        None => Ok(SIZE_WITHOUT_DEFAULT),
    }
}

/// An integer in the sense of JSON Schema, such as 2 or 2.0.
fn integer(value: &Value) -> Option<u64> {
    let float = || {
        value
            .as_f64()
            .filter(|float| float.fract() == 0.0 && *float >= 0.0)
            .map(|float| float as u64)
    };
    value.as_u64().or_else(float)
}

fn seed(value: &Value) -> String {
    match (value, integer(value)) {
        (Value::Null, _) => "0".into(),
        (_, Some(seed)) => seed.to_string(),
        (other, None) => other.to_string(),
    }
}
