//! Finds the pictures in a reply, wherever they stand.

use serde_json::Value;

/// A picture of a reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// JSON pointer to it in the reply's body.
    pub pointer: String,
    /// Where its bytes are.
    pub source: Source,
}

impl Image {
    /// Every picture in the body of a reply, as [`Reply::images`](crate::Reply::images)
    /// finds them: for bodies that were kept.
    #[must_use]
    pub fn find(body: &Value) -> Vec<Self> {
        find(body)
    }
}

/// Where the bytes of a picture are.
#[derive(Clone, PartialEq, Eq)]
pub enum Source {
    /// On a server, for about 24 hours.
    Url(String),
    /// In the reply, encoded as base64.
    Base64(String),
}

impl std::fmt::Debug for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Url(url) => f.debug_tuple("Url").field(url).finish(),
            // A picture in a log helps nobody.
            Self::Base64(text) => write!(f, "Base64({} characters)", text.len()),
        }
    }
}

/// The fields that hold a picture in some reply of some API.
const FIELDS: [&str; 4] = ["url", "image", "image_url", "b64_json"];

/// Every picture in `body`, each once, in the order of the text.
///
/// It does not matter whether the body is what its document promises. The
/// gateway may collapse several pictures to one, and keep the reply that it got
/// itself as text in `metadata`: those are found as well.
pub(crate) fn find(body: &Value) -> Vec<Image> {
    let mut images = Vec::new();
    search(body, String::new(), &mut images);
    images
}

fn search(value: &Value, pointer: String, images: &mut Vec<Image>) {
    match value {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                search(item, format!("{pointer}/{index}"), images);
            }
        }
        Value::Object(members) => {
            for (key, member) in members {
                let step = key.replace('~', "~0").replace('/', "~1");
                let pointer = format!("{pointer}/{step}");
                match member {
                    Value::String(text) => search_text(key, text, pointer, images),
                    _ => search(member, pointer, images),
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn search_text(key: &str, text: &str, pointer: String, images: &mut Vec<Image>) {
    if key == "metadata" {
        if let Ok(raw) = serde_json::from_str::<Value>(text) {
            search(&raw, pointer, images);
        }
        return;
    }
    if !FIELDS.contains(&key) {
        return;
    }
    let Some(source) = source(key, text) else {
        return;
    };
    if images.iter().all(|image| image.source != source) {
        images.push(Image { pointer, source });
    }
}

fn source(key: &str, text: &str) -> Option<Source> {
    if text.starts_with("http://") || text.starts_with("https://") {
        return Some(Source::Url(text.to_owned()));
    }
    if let Some(data) = text.strip_prefix("data:") {
        let (_, encoded) = data.split_once(";base64,")?;
        return Some(Source::Base64(encoded.to_owned()));
    }
    let is_encoded = key == "b64_json" && !text.is_empty();
    is_encoded.then(|| Source::Base64(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::find;

    #[test]
    fn every_picture_is_found_once() {
        let cases = [
            (
                json!({"created": 1, "data": [
                    {"url": "https://a/1.png", "b64_json": ""},
                    {"url": "", "b64_json": "AAAA", "revised_prompt": "http://no"},
                ]}),
                vec![
                    ("/data/0/url", "https://a/1.png"),
                    ("/data/1/b64_json", "AAAA"),
                ],
            ),
            (
                json!({"output": {"choices": [{"message": {"content": [
                    {"image": "https://a/1.png"}, {"text": "t"}, {"image": "https://a/2.png"},
                ]}}]}}),
                vec![
                    (
                        "/output/choices/0/message/content/0/image",
                        "https://a/1.png",
                    ),
                    (
                        "/output/choices/0/message/content/2/image",
                        "https://a/2.png",
                    ),
                ],
            ),
            (
                json!({
                    "data": [{"url": "https://a/1.png"}],
                    "metadata": "{\"output\":{\"results\":[{\"url\":\"https://a/1.png\"},{\"url\":\"https://a/2.png\"}]}}",
                }),
                vec![
                    ("/data/0/url", "https://a/1.png"),
                    ("/metadata/output/results/1/url", "https://a/2.png"),
                ],
            ),
            (
                json!([{"image_url": "data:image/png;base64,AAAA", "image": 5}]),
                vec![("/0/image_url", "AAAA")],
            ),
            (json!({"data": [], "metadata": "not json"}), vec![]),
            (json!("https://a/1.png"), vec![]),
        ];
        for (body, expected) in cases {
            let found: Vec<_> = find(&body)
                .into_iter()
                .map(|image| match image.source {
                    super::Source::Url(text) | super::Source::Base64(text) => (image.pointer, text),
                })
                .collect();
            let expected: Vec<_> = expected
                .into_iter()
                .map(|(pointer, text)| (pointer.to_owned(), text.to_owned()))
                .collect();
            assert_eq!(found, expected, "{body}");
        }
    }
}
