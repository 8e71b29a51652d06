//! What does a valid request ask for?

use serde_json::Value;

use crate::api::Api;
use crate::catalog::Document;
use crate::fault::Fault;
use crate::picture::{LARGEST_AREA, LONGEST_SIDE, Picture};
use crate::shorten;
use crate::size;

/// No document allows as many, but an open schema can't refuse a million.
const MOST_PICTURES: u64 = 100;
const SIZE_WITHOUT_DEFAULT: (u32, u32) = (1024, 1024);

/// How much of a prompt is kept with a task.
const PROMPT_CHARACTERS: usize = 2000;

/// What is to be made, and what is said of it in the reply.
#[derive(Clone)]
pub struct Order {
    pub model: String,
    pub prompt: String,
    /// The size that was asked for.
    pub size: (u32, u32),
    pub pictures: Vec<Picture>,
    pub urls: Vec<String>,
    /// Whether it came in the older form, without messages, and is answered in it.
    pub is_legacy: bool,
}

/// The order that a valid body is, of pictures below an address.
pub fn read(
    api: Api,
    document: &Document,
    body: &Value,
    base: &str,
    is_tiny: bool,
) -> Result<Order, Fault> {
    let mut pictures = pictures(api, document, body)?;
    let first = pictures.first();
    let size = first.map_or(SIZE_WITHOUT_DEFAULT, |first| (first.width, first.height));
    if is_tiny {
        pictures.iter_mut().for_each(Picture::shrink);
    }
    let url = |picture: &Picture| format!("{base}/_images/{}", picture.file_name());
    Ok(Order {
        model: body["model"].as_str().unwrap_or_default().to_owned(),
        prompt: shorten::text(api.prompt(body), PROMPT_CHARACTERS),
        size,
        urls: pictures.iter().map(url).collect(),
        pictures,
        is_legacy: body["input"]["prompt"].is_string(),
    })
}

/// The pictures that a valid body asks for.
fn pictures(api: Api, document: &Document, body: &Value) -> Result<Vec<Picture>, Fault> {
    let parameters = api.parameters();
    let given = parameters.iter().fold(body, |place, name| &place[*name]);
    let at = |name: &str| format!("/{}", [parameters, &[name]].concat().join("/"));
    let asked = match &given["size"] {
        Value::Null => &document.member(parameters, "size")["default"],
        size => size,
    };
    let size = dimensions(asked).map_err(|message| Fault::request(at("size"), message))?;
    let count = whole(&given["n"]).filter(|count| *count > 0).unwrap_or(1);
    if count > MOST_PICTURES {
        let message = format!("the sandbox draws at most {MOST_PICTURES} pictures, not {count}");
        return Err(Fault::request(at("n"), message));
    }
    let model = body["model"].as_str().unwrap_or_default();
    let seed = seed(&given["seed"]);
    let picture = |index: u64| {
        let parts = [model, api.prompt(body), &seed, &index.to_string()];
        Picture::new(size, &parts.map(str::as_bytes))
    };
    let pictures: Option<Vec<_>> = (0..count).map(picture).collect();
    pictures.ok_or_else(|| {
        let asked = shorten::json(asked, 60);
        let message = format!(
            "the sandbox draws sides of up to {LONGEST_SIDE} and {LARGEST_AREA} pixels in all, \
             not {asked}"
        );
        Fault::request(at("size"), message)
    })
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

/// A number as a schema's `integer` has it, to which 2.0 belongs.
fn whole(value: &Value) -> Option<u64> {
    let float = || {
        value
            .as_f64()
            .filter(|float| float.fract() == 0.0 && *float >= 0.0)
            .map(|float| float as u64)
    };
    value.as_u64().or_else(float)
}

fn seed(value: &Value) -> String {
    match (value, whole(value)) {
        (Value::Null, _) => "0".into(),
        (_, Some(seed)) => seed.to_string(),
        (other, None) => other.to_string(),
    }
}
