//! Finds the pictures in a reply, wherever they stand.

use std::collections::HashSet;

use apifox_runtime::DataUri;
use serde_json::Value;

use super::fields::is_picture_field;
use super::spool::{Spooled, Spools};

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
        find(body, Spools::none())
    }
}

/// Where the bytes of a picture are.
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum Source {
    /// On a server, for about 24 hours.
    Url(String),
    /// In the reply, encoded as base64.
    Base64(String),
    /// In a file, since it was long: see [`Builder::spool`](crate::Builder::spool).
    Spooled(Spooled),
}

impl std::fmt::Debug for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Url(url) => f.debug_tuple("Url").field(url).finish(),
            // A picture in a log helps nobody.
            Self::Base64(text) => write!(f, "Base64({} characters)", text.len()),
            Self::Spooled(spooled) => spooled.fmt(f),
        }
    }
}

/// Every picture in `body`, each once, in the order of the text.
///
/// It does not matter whether the body is what its document promises. The
/// gateway may collapse several pictures to one, and keep the reply that it got
/// itself as text in `metadata`: those are found as well.
pub(crate) fn find(body: &Value, spools: &Spools) -> Vec<Image> {
    let mut search = Search {
        spools,
        pointer: String::new(),
        images: Vec::new(),
    };
    search.value(body);
    each_once(search.images)
}

fn each_once(mut images: Vec<Image>) -> Vec<Image> {
    let mut seen = HashSet::new();
    let is_first: Vec<bool> = images
        .iter()
        .map(|image| seen.insert(&image.source))
        .collect();
    let mut is_first = is_first.into_iter();
    images.retain(|_| is_first.next() == Some(true));
    images
}

struct Search<'s> {
    spools: &'s Spools,
    /// Where the search is. One text, as a reply may have as many members as fit in
    /// it, below keys as long.
    pointer: String,
    images: Vec<Image>,
}

impl Search<'_> {
    fn value(&mut self, value: &Value) {
        match value {
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.below(&index.to_string(), |search| search.value(item));
                }
            }
            Value::Object(members) => {
                for (key, member) in members {
                    let step = key.replace('~', "~0").replace('/', "~1");
                    self.below(&step, |search| match member {
                        Value::String(text) => search.text(key, text),
                        _ => search.value(member),
                    });
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    /// Has `search` go on one step further down.
    fn below(&mut self, step: &str, search: impl FnOnce(&mut Self)) {
        let here = self.pointer.len();
        self.pointer.push('/');
        self.pointer.push_str(step);
        search(self);
        self.pointer.truncate(here);
    }

    fn text(&mut self, key: &str, text: &str) {
        if key == "metadata" {
            if let Ok(raw) = serde_json::from_str::<Value>(text) {
                self.value(&raw);
            }
        } else if is_picture_field(key)
            && let Some(source) = source(key, text)
        {
            let pointer = self.pointer.clone();
            let source = self.where_it_is(source);
            self.images.push(Image { pointer, source });
        }
    }

    /// The file in place of its placeholder.
    fn where_it_is(&self, source: Source) -> Source {
        match source {
            Source::Base64(text) => match self.spools.find(&text) {
                Some(spooled) => Source::Spooled(spooled.clone()),
                None => Source::Base64(text),
            },
            other => other,
        }
    }
}

fn source(key: &str, text: &str) -> Option<Source> {
    if text.starts_with("http://") || text.starts_with("https://") {
        return Some(Source::Url(text.to_owned()));
    }
    if DataUri::is_data_uri(text) {
        let uri = DataUri::parse(text)?;
        return Some(Source::Base64(uri.base64.to_owned()));
    }
    let is_encoded = key == "b64_json" && !text.is_empty();
    is_encoded.then(|| Source::Base64(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::find;
    use crate::images::spool::Spools;

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
            let found: Vec<_> = find(&body, Spools::none())
                .into_iter()
                .map(|image| match image.source {
                    super::Source::Url(text) | super::Source::Base64(text) => (image.pointer, text),
                    super::Source::Spooled(spooled) => (image.pointer, format!("{spooled:?}")),
                })
                .collect();
            let expected: Vec<_> = expected
                .into_iter()
                .map(|(pointer, text)| (pointer.to_owned(), text.to_owned()))
                .collect();
            assert_eq!(found, expected, "{body}");
        }
    }

    /// An outsider's reply may be made to take long to search.
    #[test]
    fn the_time_to_search_grows_with_the_reply_and_not_with_its_square() {
        let urls = (0..200_000).map(|number| json!({"url": format!("https://a/{number}")}));
        let many: serde_json::Value = urls.collect();
        assert_eq!(find(&many, Spools::none()).len(), 200_000);
        let members = (0..200_000).map(|number| (number.to_string(), json!(1)));
        let members: serde_json::Map<_, _> = members.collect();
        let deep = json!({"k".repeat(1_000_000): members});
        assert!(find(&deep, Spools::none()).is_empty());
    }
}
