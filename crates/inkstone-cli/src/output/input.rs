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

/// How the URL of a picture in the temporary storage begins.
pub const UPLOADED: &str = "oss://";

/// What stands between the parts of the text in the place of a picture.
pub const LENGTH: &str = ",… (";
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
        let (sha256, path) = hash_and_path(text)?.split_once(", ")?;
        Some(Self {
            path: path.to_owned(),
            sha256: sha256.to_owned(),
        })
    }
}

/// The hash in the place of a picture, with what follows it.
fn hash_and_path(text: &str) -> Option<&str> {
    let (_, rest) = text.strip_prefix("data:")?.split_once(LENGTH)?;
    let (length, rest) = rest.split_once(HASH)?;
    let is_length = length.bytes().all(|byte| byte.is_ascii_digit());
    rest.strip_suffix(')').filter(|_| is_length)
}

/// A request with the length and hash of pictures in place of their bytes, and the path of their
/// file. What is shortened already stays as it is.
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

/// Whether what is kept of a request is this shortened one. Earlier versions shortened long paths
/// once more.
pub fn is_kept_of(kept: &Value, request: &Value) -> bool {
    let mut twice = request.clone();
    for_each_text(&mut twice, &mut |text| {
        if text.len() > LONGEST_DATA_URI && hash_and_path(text).is_some() {
            *text = short(text, &hash(text), "");
        }
    });
    kept == request || *kept == twice
}

/// A request as sidecars keep it: what nobody has as a file stands where it was uploaded, from where
/// it can be had for two days.
pub fn with_uploads(request: &Value, uploaded: &Value, inputs: &[Input]) -> Value {
    let mut kept = request.clone();
    pointer::walk(uploaded, &mut |place, value| {
        if let Some(url) = value.as_str()
            && url.starts_with(UPLOADED)
            && let Some(Value::String(given)) = kept.pointer_mut(&place.pointer())
            && in_place_of(given, inputs).is_some_and(|short| Input::parse(&short).is_none())
        {
            *given = url.to_owned();
        }
        true
    });
    kept
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
    let is_short = uri.len() <= LONGEST_DATA_URI && inputs.is_empty();
    if is_short || hash_and_path(uri).is_some() {
        return None;
    }
    let sha256 = hash(uri);
    let path = inputs.iter().find(|input| input.sha256 == sha256);
    if uri.len() <= LONGEST_DATA_URI && path.is_none() {
        return None;
    }
    let path = path.map_or_else(String::new, |input| format!(", {}", input.path));
    Some(short(uri, &sha256, &path))
}

fn short(uri: &str, sha256: &str, path: &str) -> String {
    let kind = uri.split_once(',').map_or("data:", |(kind, _)| kind);
    let kind: String = kind.chars().take(64).collect();
    format!("{kind}{LENGTH}{}{HASH}{sha256}{path})", uri.len())
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

    use super::{Input, is_kept_of, listed, shortened, with_uploads};

    #[test]
    fn what_is_shortened_is_not_shortened_again() {
        let long = format!("data:image/png;base64,{}", "A".repeat(400));
        let kind = format!("data:{},{}", "图".repeat(100), "A".repeat(400));
        for length in [0, 1, 45, 46, 90, 136, 137, 1000] {
            for letter in ["a", "猫", ", (", " characters, sha256 ", ",… ("] {
                let path = letter.repeat(length) + ".png";
                for uri in ["data:image/png;base64,aGVsbG8=", &long, &kind] {
                    let input = Input::new(&path, uri);
                    let inputs = std::slice::from_ref(&input);
                    let once = shortened(&json!({"image": [uri]}), inputs);
                    assert_eq!(
                        once["image"][0].as_str().and_then(Input::parse).as_ref(),
                        Some(&input)
                    );
                    for known in [inputs, &[]] {
                        assert_eq!(shortened(&once, known), once, "{path}");
                    }
                    let unknown = shortened(&json!([uri]), &[]);
                    let is_short = unknown == json!([uri]);
                    let again = shortened(&unknown, inputs);
                    assert!(is_short || again == unknown, "{path}");
                }
            }
        }
    }

    #[test]
    fn what_was_uploaded_and_is_no_file_is_kept_by_its_url() {
        let [file, long] =
            ["A", "B"].map(|letter| format!("data:image/png;base64,{}", letter.repeat(400)));
        let input = Input::new("cat.png", &file);
        let body = json!({"image": [file, long, "data:,short", "https://a/b.png", "oss://given"]});
        let urls: Vec<_> = (0..5).map(|at| format!("oss://{at}")).collect();
        let kept = with_uploads(&body, &json!({"image": urls}), &[input]);
        let expected = json!([
            file,
            "oss://1",
            "data:,short",
            "https://a/b.png",
            "oss://given"
        ]);
        assert_eq!(kept["image"], expected);
    }

    /// They lost the path, and the hash was of what they had shortened first.
    #[test]
    fn what_earlier_versions_shortened_twice_is_of_the_same_request() {
        let path = "猫".repeat(46) + ".png";
        let input = Input::new(&path, "data:image/png;base64,aGVsbG8=");
        let request = json!({"image": "data:image/png;base64,aGVsbG8=", "n": 1});
        let request = shortened(&request, &[input]);
        let twice = "data:image/png;base64,… (258 characters, sha256 \
            2ec07b99154a801fa783d106fa4af26d0b5c93c9bf411bfa0de65ff76b41338c)";
        let kept = json!({"image": twice, "n": 1});
        assert!(is_kept_of(&request, &request));
        assert!(is_kept_of(&kept, &request));
        for other in [json!({"image": twice, "n": 2}), json!({"n": 1})] {
            assert!(!is_kept_of(&other, &request));
        }
    }

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
