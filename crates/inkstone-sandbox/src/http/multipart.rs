//! Forms of the type `multipart/form-data`.

use std::convert::Infallible;

use futures_util::future::ready;
use futures_util::stream::once;
use hyper::body::Bytes;
use multer::Multipart;
use serde_json::{Map, Value, json};

/// The fields of a form of the type `multipart/form-data`, in order.
pub struct Form(Vec<Field>);

struct Field {
    name: String,
    content: Content,
}

enum Content {
    Text(String),
    File(Bytes),
}

/// The boundary between a form's parts, where a content type is that of a form.
pub fn boundary(content_type: &str) -> Option<String> {
    multer::parse_boundary(content_type).ok()
}

pub async fn parse(bytes: Bytes, boundary: String) -> Result<Form, multer::Error> {
    let mut parts = Multipart::new(once(ready(Ok::<_, Infallible>(bytes))), boundary);
    let mut fields = Vec::new();
    while let Some(part) = parts.next_field().await? {
        let name = part.name().unwrap_or_default().to_owned();
        let content = match part.file_name() {
            Some(_) => Content::File(part.bytes().await?),
            // A form states no encoding; UTF-8 is what clients send.
            None => Content::Text(String::from_utf8_lossy(&part.bytes().await?).into_owned()),
        };
        fields.push(Field { name, content });
    }
    Ok(Form(fields))
}

impl Form {
    /// The text of a field; the first, if there are several.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.iter().find_map(|field| match &field.content {
            Content::Text(text) if field.name == name => Some(text.as_str()),
            _ => None,
        })
    }

    /// The files of a field, which may be written `name[]` if there are several.
    pub fn files(&self, name: &str) -> impl Iterator<Item = &Bytes> {
        self.0.iter().filter_map(move |field| match &field.content {
            Content::File(bytes)
                if field.name.strip_suffix("[]").unwrap_or(&field.name) == name =>
            {
                Some(bytes)
            }
            _ => None,
        })
    }

    /// The names and texts of all fields that are not files.
    pub fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().filter_map(|field| match &field.content {
            Content::Text(text) => Some((field.name.as_str(), text.as_str())),
            Content::File(_) => None,
        })
    }

    /// The names of the fields that are files.
    pub fn file_names(&self) -> Vec<String> {
        let files = self
            .0
            .iter()
            .filter(|field| matches!(field.content, Content::File(_)));
        let plain = |name: &str| name.strip_suffix("[]").unwrap_or(name).to_owned();
        files.map(|field| plain(&field.name)).collect()
    }

    /// The form as JSON, with the length of each file in place of its bytes.
    pub fn json(&self) -> Value {
        let mut members = Map::new();
        for field in &self.0 {
            let value = match &field.content {
                Content::Text(text) => text.as_str().into(),
                Content::File(bytes) => json!({"bytes": bytes.len()}),
            };
            match members.get_mut(&field.name) {
                None => drop(members.insert(field.name.clone(), value)),
                Some(Value::Array(values)) => values.push(value),
                Some(first) => *first = json!([first.take(), value]),
            }
        }
        members.into()
    }
}

/// Whether bytes begin with the signature of a picture format.
pub fn is_picture(bytes: &[u8]) -> bool {
    let starts: [&[u8]; 7] = [
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff",
        b"GIF87a",
        b"GIF89a",
        b"BM",
        b"II*\0",
        b"MM\0*",
    ];
    let is_webp = bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP");
    is_webp || starts.iter().any(|start| bytes.starts_with(start))
}
