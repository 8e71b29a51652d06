//! What a body of a media type is, by its name in OpenAPI or in Apifox.

use apifox_runtime::is_token;
use serde_json::{Map, Value};

use crate::api::FormKind;
use crate::media_type::{plain, sent};

/// What a body of some media type is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    /// There is no body.
    Nothing,
    Json,
    Form,
    /// As this kind of multipart.
    Multipart(FormKind),
    /// One value after the other, as this media type.
    Events(String),
    /// Text of this media type.
    Text(String),
    /// Bytes of this media type.
    Binary(String),
}

/// The names of media types in Apifox's editor.
const EDITOR_NAMES: [(&str, &str); 14] = [
    ("binary", "application/octet-stream"),
    ("eventstream", "text/event-stream"),
    ("event-stream", "text/event-stream"),
    ("file", "application/octet-stream"),
    ("form-data", "multipart/form-data"),
    ("graphql", "application/json"),
    ("html", "text/html"),
    ("json", "application/json"),
    ("jsonl", "application/x-ndjson"),
    ("msgpack", "application/msgpack"),
    ("raw", "text/plain"),
    ("text", "text/plain"),
    ("x-www-form-urlencoded", "application/x-www-form-urlencoded"),
    ("xml", "application/xml"),
];

/// What Apifox's editor calls a media type that has no name of its own there.
const EDITOR_KINDS: [&str; 5] = ["", "file", "image", "nocontent", "none"];

/// The media types in a list with commas, which may also stand in quotes.
pub(crate) fn media_list(list: &str) -> Vec<&str> {
    let mut is_quoted = false;
    let parts = list.split(|letter| {
        is_quoted ^= letter == '"';
        letter == ',' && !is_quoted
    });
    parts.map(str::trim).collect()
}

/// Whether a name is a media type, or a range of them, with or without parameters.
pub(crate) fn is_media_type(name: &str) -> bool {
    plain(name)
        .split_once('/')
        .is_some_and(|(kind, sub)| is_token(kind) && is_token(sub))
}

/// The media type that Apifox's editor calls this; empty where it is none in particular.
pub(crate) fn editor_name(name: &str) -> Option<&'static str> {
    let plain = plain(name);
    let named = EDITOR_NAMES.iter().find(|(known, _)| *known == plain);
    let kind = EDITOR_KINDS.contains(&plain.as_str()).then_some("");
    named.map(|(_, media)| *media).or(kind)
}

impl Kind {
    /// What a body of this media type is.
    pub fn from_media_type(media: &str) -> Self {
        let plain = plain(media);
        let called = editor_name(&plain).filter(|media| !media.is_empty());
        let sent = called.map_or_else(|| sent(media), str::to_owned);
        let plain = called.map_or(plain, str::to_owned);
        match plain.as_str() {
            "none" | "nocontent" => Self::Nothing,
            "" | "*/*" | "application/*" | "application/json" | "text/json" => Self::Json,
            name if name.ends_with("+json") => Self::Json,
            "application/x-www-form-urlencoded" => Self::Form,
            "multipart/form-data" | "multipart/*" => Self::Multipart(FormKind::FormData),
            name if name.starts_with("multipart/") => Self::Multipart(FormKind::Multipart(sent)),
            "text/event-stream"
            | "application/x-ndjson"
            | "application/ndjson"
            | "application/jsonl"
            | "application/json-seq" => Self::Events(plain),
            "text/*" => Self::Text("text/plain".into()),
            name if is_text(name) => Self::Text(sent),
            _ => Self::Binary(sent),
        }
    }

    /// The preference for sending: JSON before forms before others.
    pub fn rank(&self) -> u8 {
        match self {
            Self::Json => 0,
            Self::Multipart(_) => 1,
            Self::Form => 2,
            _ => 3,
        }
    }
}

fn is_text(kind: &str) -> bool {
    kind.starts_with("text/")
        || kind.ends_with("xml")
        || kind.ends_with("javascript")
        || kind == "application/graphql"
}

/// What orders media types, the one to prefer first: of two that fit a body, OpenAPI has the one
/// with fewer stars hold.
fn preference(media: &str) -> (u8, usize) {
    let stars = plain(media).matches('*').count();
    (Kind::from_media_type(media).rank(), stars)
}

/// The media types of a body, the one to prefer first.
pub(super) fn by_preference(content: &Map<String, Value>) -> Vec<String> {
    let mut media: Vec<String> = content.keys().cloned().collect();
    media.sort_by_key(|media| preference(media));
    media
}

/// The media type that a request is sent as.
pub(super) fn preferred(content: &Map<String, Value>) -> Option<&str> {
    let media = content.keys().map(String::as_str);
    media.min_by_key(|media| preference(media))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{FormKind, Kind, by_preference, preferred};

    #[test]
    fn what_is_named_exactly_comes_before_ranges() {
        let content = json!({
            "*/*": {}, "image/png": {}, "application/*": {}, "application/json": {}, "a/b+json": {},
            "multipart/form-data": {}
        });
        let content = content.as_object().unwrap();
        let expected = [
            "application/json",
            "a/b+json",
            "application/*",
            "*/*",
            "multipart/form-data",
            "image/png",
        ];
        assert_eq!(by_preference(content), expected);
        assert_eq!(preferred(content), Some("application/json"));
    }

    #[test]
    fn every_name_of_a_media_type_is_known() {
        let text = |media: &str| Kind::Text(media.into());
        let cases = [
            ("application/json; charset=utf-8", Kind::Json),
            ("application/vnd.api+json", Kind::Json),
            ("application/*+json", Kind::Json),
            ("*/*", Kind::Json),
            ("JSON", Kind::Json),
            ("graphql", Kind::Json),
            ("x-www-form-urlencoded", Kind::Form),
            (
                "multipart/form-data; boundary=x",
                Kind::Multipart(FormKind::FormData),
            ),
            ("form-data", Kind::Multipart(FormKind::FormData)),
            (
                "multipart/related",
                Kind::Multipart(FormKind::Multipart("multipart/related".into())),
            ),
            ("eventStream", Kind::Events("text/event-stream".into())),
            (
                "application/x-ndjson",
                Kind::Events("application/x-ndjson".into()),
            ),
            ("raw", text("text/plain")),
            ("text/*", text("text/plain")),
            ("text/html; charset=gbk", text("text/html")),
            ("application/xml", text("application/xml")),
            ("image/svg+xml", text("image/svg+xml")),
            ("text/csv; header=absent", text("text/csv; header=absent")),
            ("multipart/*", Kind::Multipart(FormKind::FormData)),
            ("image/png", Kind::Binary("image/png".into())),
            ("msgpack", Kind::Binary("application/msgpack".into())),
            ("noContent", Kind::Nothing),
        ];
        for (media, expected) in cases {
            assert_eq!(Kind::from_media_type(media), expected, "{media}");
        }
    }
}
