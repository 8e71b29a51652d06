//! What a request asks for: in JSON, or in a form.

use inkstone::InputImage;
use serde_json::{Map, Value};

use crate::serve::api_error::ApiError;

/// What a request asks for.
#[derive(Debug, Default)]
pub struct Fields {
    /// The model; `None` for the default.
    pub model: Option<String>,
    /// What the document of the model has to say about.
    pub others: Map<String, Value>,
    /// Pictures to start from, as URLs or data URIs.
    pub images: Vec<String>,
    pub format: Format,
    /// Whether the reply is to be a stream of events.
    pub stream: bool,
    /// Whether values are text that is still to be read, as in a form.
    pub is_form: bool,
}

/// How pictures are given back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    #[default]
    Url,
    Base64,
}

/// Members of OpenAI's requests that these models do not have, each with the values that
/// ask for nothing.
const FOREIGN: [(&str, &[&str]); 8] = [
    ("quality", &["auto"]),
    ("style", &[]),
    ("background", &["auto"]),
    ("moderation", &["auto", "low"]),
    ("output_format", &["png"]),
    ("output_compression", &[]),
    ("input_fidelity", &["low"]),
    ("mask", &[]),
];

impl Fields {
    /// Reads the members of a request.
    pub fn read(json: Value) -> Result<Self, ApiError> {
        let Value::Object(members) = json else {
            return Err(ApiError::request(
                "invalid_type",
                None,
                "the body is not an object",
            ));
        };
        let mut fields = Self::default();
        for (name, value) in members {
            // Some libraries write what is not given as null.
            if !value.is_null() {
                fields.take(name, value)?;
            }
        }
        Ok(fields)
    }

    fn take(&mut self, name: String, value: Value) -> Result<(), ApiError> {
        match name.as_str() {
            "model" => self.model = Some(text(&name, value)?),
            "response_format" => self.format = format(&value)?,
            "stream" => self.stream = flag(&name, &value)?,
            // There are no partial pictures, and it does not show in the last one who asked.
            "partial_images" | "user" => {}
            "image" | "images" => images(&name, value, &mut self.images)?,
            "size" if value == "auto" => {}
            _ => match FOREIGN.iter().find(|(foreign, _)| *foreign == name) {
                Some((_, idle)) if value.as_str().is_some_and(|v| idle.contains(&v)) => {}
                Some(_) => return Err(foreign(&name)),
                None => drop(self.others.insert(name, value)),
            },
        }
        Ok(())
    }

    /// Takes a text of a form.
    pub fn take_text(&mut self, name: String, text: String) -> Result<(), ApiError> {
        self.take(name, text.into())
    }

    /// Takes a file of a form.
    pub fn take_file(&mut self, name: &str, bytes: &[u8]) -> Result<(), ApiError> {
        match name {
            "image" | "image[]" => {
                let image = InputImage::from_bytes(bytes).map_err(|error| {
                    ApiError::request("invalid_image", Some("image"), format!("image: {error}"))
                })?;
                self.images.push(image.into_uri());
                Ok(())
            }
            _ => Err(foreign(name)),
        }
    }
}

fn foreign(name: &str) -> ApiError {
    let message = format!(
        "{name}: not supported by these models; `extra_body` takes the fields that they have"
    );
    ApiError::request("unsupported_parameter", Some(name), message)
}

fn wrong_type(name: &str, expected: &str) -> ApiError {
    ApiError::request(
        "invalid_type",
        Some(name),
        format!("{name}: is not {expected}"),
    )
}

fn text(name: &str, value: Value) -> Result<String, ApiError> {
    match value {
        Value::String(text) => Ok(text),
        _ => Err(wrong_type(name, "a text")),
    }
}

fn flag(name: &str, value: &Value) -> Result<bool, ApiError> {
    match value {
        Value::Bool(flag) => Ok(*flag),
        Value::String(text) if text == "true" => Ok(true),
        Value::String(text) if text == "false" => Ok(false),
        _ => Err(wrong_type(name, "true or false")),
    }
}

fn format(value: &Value) -> Result<Format, ApiError> {
    match value.as_str() {
        Some("url") => Ok(Format::Url),
        Some("b64_json") => Ok(Format::Base64),
        _ => Err(ApiError::request(
            "invalid_value",
            Some("response_format"),
            "response_format: is neither \"url\" nor \"b64_json\"",
        )),
    }
}

/// Pictures: a URL, an object that has one, or an array of these.
fn images(name: &str, value: Value, into: &mut Vec<String>) -> Result<(), ApiError> {
    match value {
        Value::Array(values) => values
            .into_iter()
            .try_for_each(|value| image(name, value, into)),
        value => image(name, value, into),
    }
}

fn image(name: &str, value: Value, into: &mut Vec<String>) -> Result<(), ApiError> {
    let uri = match value {
        Value::String(uri) => uri,
        Value::Object(mut members) => match members.remove("image_url") {
            Some(Value::String(uri)) => uri,
            _ => return Err(wrong_type(name, "an object with a text image_url")),
        },
        _ => return Err(wrong_type(name, "a URL")),
    };
    // The files of this machine are not the caller's.
    let is_remote = ["https://", "http://", "data:"]
        .iter()
        .any(|start| uri.get(..start.len()) == Some(start));
    if !is_remote {
        let message = format!("{name}: is not a URL that starts with https://, http:// or data:");
        return Err(ApiError::request("invalid_value", Some(name), message));
    }
    into.push(uri);
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Fields, Format};

    #[test]
    fn what_asks_for_nothing_is_left_out() {
        let fields = Fields::read(json!({
            "model": "m", "prompt": "a cat", "n": 2, "size": "auto", "quality": "auto",
            "response_format": "b64_json", "stream": false, "user": "u", "style": null,
            "image": ["data:image/png;base64,AA==", {"image_url": "https://a.example/b.png"}],
        }));
        let fields = fields.unwrap();
        assert_eq!(fields.model.as_deref(), Some("m"));
        assert_eq!(json!(fields.others), json!({"prompt": "a cat", "n": 2}));
        assert_eq!(fields.images.len(), 2);
        assert_eq!(fields.format, Format::Base64);
    }

    #[test]
    fn what_can_not_be_done_is_refused_by_name() {
        let cases = [
            (json!([]), None),
            (json!({"model": 1}), Some("model")),
            (json!({"response_format": "png"}), Some("response_format")),
            (json!({"stream": 1}), Some("stream")),
            (json!({"quality": "hd"}), Some("quality")),
            (json!({"style": "vivid"}), Some("style")),
            (json!({"mask": "data:"}), Some("mask")),
            (json!({"image": "/etc/passwd"}), Some("image")),
            (json!({"image": "file:///etc/passwd"}), Some("image")),
            (json!({"image": ["cat.png"]}), Some("image")),
            (json!({"images": [{"file_id": "f"}]}), Some("images")),
        ];
        for (json, param) in cases {
            let error = Fields::read(json.clone()).unwrap_err().json();
            assert_eq!(error["error"]["param"], json!(param), "{json}");
            assert_eq!(error["error"]["type"], "invalid_request_error");
        }
    }
}
