//! The files that went into a request, as the sidecars of its pictures name them.
//!
//! A sidecar does not hold the bytes of such a file. In their place stands a text with the
//! file's path and hash, and `inputs` lists the same for programs.

use apifox_document::pointer;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::hex::hex;

/// The longest data URI that is kept, in bytes.
const LONGEST_DATA_URI: usize = 256;

/// What stands between the parts of the text in the place of a picture.
const HASH: &str = " characters, sha256 ";

/// A file that went into a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// As it was given.
    pub path: String,
    /// Of the data URI that was made of it.
    pub sha256: String,
}

impl Input {
    /// The file at `path`, of which `uri` was made.
    pub fn new(path: &str, uri: &str) -> Self {
        Self {
            path: path.to_owned(),
            sha256: hash(uri),
        }
    }

    /// The file that a text in the place of a picture names, if it does.
    pub fn parse(text: &str) -> Option<Self> {
        let (_, rest) = text.strip_prefix("data:")?.split_once(HASH)?;
        let (sha256, path) = rest.strip_suffix(')')?.split_once(", ")?;
        Some(Self {
            path: path.to_owned(),
            sha256: sha256.to_owned(),
        })
    }
}

/// A request with the length and hash of pictures in place of their bytes, and the path of their
/// file.
pub fn shortened(request: &Value, inputs: &[Input]) -> Value {
    let mut request = request.clone();
    for_each_text(&mut request, &mut |text| {
        if text.starts_with("data:")
            && let Some(short) = in_place_of(text, inputs)
        {
            *text = short;
        }
    });
    request
}

/// Has `work` see, and change, all texts in a value.
pub fn for_each_text(value: &mut Value, work: &mut impl FnMut(&mut String)) {
    match value {
        Value::String(text) => work(text),
        Value::Array(items) => items.iter_mut().for_each(|item| for_each_text(item, work)),
        Value::Object(members) => {
            let members = members.values_mut();
            members.for_each(|member| for_each_text(member, work));
        }
        _ => {}
    }
}

/// The text in the place of a data URI; none where it is short, and not that of a file.
fn in_place_of(uri: &str, inputs: &[Input]) -> Option<String> {
    if uri.len() <= LONGEST_DATA_URI && inputs.is_empty() {
        return None;
    }
    let kind = uri.split_once(',').map_or("data:", |(kind, _)| kind);
    let kind: String = kind.chars().take(64).collect();
    let sha256 = hash(uri);
    let path = inputs.iter().find(|input| input.sha256 == sha256);
    if uri.len() <= LONGEST_DATA_URI && path.is_none() {
        return None;
    }
    let path = path.map_or_else(String::new, |input| format!(", {}", input.path));
    Some(format!("{kind},… ({}{HASH}{sha256}{path})", uri.len()))
}

/// The files that a shortened request names, each with its place.
pub fn listed(request: &Value) -> Vec<Value> {
    let mut found = Vec::new();
    pointer::walk(request, &mut |place, value| {
        if let Some(Input { path, sha256 }) = value.as_str().and_then(Input::parse) {
            found.push(json!({"pointer": place.pointer(), "path": path, "sha256": sha256}));
        }
        true
    });
    found
}

/// The hash of the bytes in a data URI: that of the file, as other programs reckon it.
fn hash(uri: &str) -> String {
    let base64 = uri.split_once(";base64,").map(|(_, base64)| base64);
    let bytes = base64.and_then(|base64| STANDARD.decode(base64).ok());
    hex(&Sha256::digest(bytes.as_deref().unwrap_or(uri.as_bytes())))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Input, listed, shortened};

    #[test]
    fn a_file_is_named_in_the_place_of_its_bytes() {
        let uri = "data:image/png;base64,aGVsbG8=";
        let input = Input::new("my cats/a, (b).png", uri);
        let sha256 = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
        assert_eq!(input.sha256, sha256);
        let request = json!({"image": [uri, "https://a/b.png"], "prompt": "data: (x)"});
        let request = shortened(&request, std::slice::from_ref(&input));
        let text = request["image"][0].as_str().map(str::to_owned);
        assert_eq!(text.as_deref().and_then(Input::parse), Some(input.clone()));
        assert_eq!(
            listed(&request),
            [json!({"pointer": "/image/0", "path": input.path, "sha256": sha256})]
        );
    }

    #[test]
    fn bytes_that_no_file_is_known_of_are_only_shortened() {
        let long = format!("data:image/png;base64,{}", "A".repeat(400));
        let request = shortened(&json!([long, "data:,short"]), &[]);
        assert_eq!(request[1], "data:,short");
        let text = request[0].as_str().unwrap_or_default();
        assert!(text.starts_with("data:image/png;base64,… (422 characters, sha256 "));
        assert_eq!(listed(&request), Vec::<serde_json::Value>::new());
    }
}
