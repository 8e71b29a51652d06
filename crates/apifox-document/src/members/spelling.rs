//! What the names in an object, or the texts of a value, have to be.

use apifox_runtime::is_token;
use serde_json::Value;

use super::table::{ONE_ADDRESS, ONE_ADDRESS_HELP};
use crate::forms::media::{editor_name, is_media_type, media_list};
use crate::forms::parameters::{origin, plain_path};
use crate::forms::path_item::is_other_method;

/// What the names in an object, or the texts of a value, have to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spelling {
    /// Anything.
    Free,
    /// A media type in each name or text.
    MediaTypes,
    /// Media types, one or several with commas between them.
    MediaTypeList,
    /// A media type, or what Apifox's editor calls one.
    EditorMedia,
    /// Paths, which start with a slash.
    Paths,
    /// Methods of HTTP that no member of a path item is for.
    Methods,
    /// A status of HTTP; none, 0 and `default` stand for all others.
    Status,
    /// The schemes of URLs that Swagger 2.0 has.
    UrlSchemes,
}

/// The schemes of URLs that Swagger 2.0 has.
const URL_SCHEMES: [&str; 4] = ["http", "https", "ws", "wss"];

impl Spelling {
    /// Whether the names of members are spelt so, and not what they hold.
    pub(super) fn is_of_names(self) -> bool {
        matches!(self, Self::MediaTypes | Self::Methods | Self::Paths)
    }

    /// The names and texts in a value that are misspelt, each with the steps to it: one for a
    /// member or an item, none for the value itself.
    pub(super) fn misspelt(self, value: &Value) -> Vec<(Option<String>, String)> {
        let spelt: Vec<(Option<String>, String)> = match (self, value) {
            (Self::Free, _) => return Vec::new(),
            (_, Value::Object(members)) => {
                // The editor exports a body without a type as `"": {}`.
                let is_none = |name: &str, value: &Value| {
                    name.is_empty() && value.as_object().is_none_or(serde_json::Map::is_empty)
                };
                let names = members
                    .iter()
                    .filter(|(name, value)| !name.starts_with("x-") && !is_none(name, value));
                names
                    .map(|(name, _)| (Some(name.clone()), name.clone()))
                    .collect()
            }
            (_, Value::Array(items)) => {
                let texts = items.iter().enumerate();
                texts
                    .filter_map(|(at, item)| {
                        Some((Some(at.to_string()), item.as_str()?.to_owned()))
                    })
                    .collect()
            }
            (_, Value::String(text)) => vec![(None, text.clone())],
            (Self::Status, Value::Number(number)) => vec![(None, number.to_string())],
            _ => return Vec::new(),
        };
        let wrong = spelt.into_iter().filter(|(_, text)| !self.is_spelt(text));
        wrong.collect()
    }

    fn is_spelt(self, text: &str) -> bool {
        match self {
            Self::Free => true,
            Self::MediaTypes => is_media_type(text),
            Self::MediaTypeList => media_list(text).into_iter().all(is_media_type),
            Self::EditorMedia => is_media_type(text) || editor_name(text).is_some(),
            Self::Paths => text.starts_with('/') && has_whole_braces(text) && !text.contains('#'),
            Self::Methods => is_other_method(text),
            Self::Status => status(text).is_some(),
            Self::UrlSchemes => URL_SCHEMES.contains(&text),
        }
    }

    /// What is wrong with a misspelt text and how it is read, after the text; and what to do.
    pub(super) fn diagnosis(self, text: &str) -> (String, String) {
        match self {
            Self::Free => (String::new(), String::new()),
            Self::MediaTypes | Self::MediaTypeList => {
                let reading = match editor_name(text) {
                    Some(_) if text.is_empty() => "it is read as JSON".to_owned(),
                    Some(media) if !media.is_empty() => format!("it is read as {media}"),
                    _ => "it is used as it stands".to_owned(),
                };
                let help = "write a media type such as application/json";
                (format!("is not a media type; {reading}"), help.to_owned())
            }
            Self::EditorMedia => (
                "is not a media type; it is read as JSON".to_owned(),
                "write a media type such as application/json".to_owned(),
            ),
            Self::Paths => path_diagnosis(text),
            Self::Methods if is_token(text) => (
                "has a member of its own in a path item; the operation is omitted".to_owned(),
                format!("write it as {}", text.to_ascii_lowercase()),
            ),
            Self::Methods => (
                "is not a method of HTTP; the operation is omitted".to_owned(),
                "write a method such as COPY".to_owned(),
            ),
            Self::Status => (
                "is not an HTTP status; it is read as the reply to all other statuses".to_owned(),
                "write a status such as 200".to_owned(),
            ),
            Self::UrlSchemes => (
                "is not http, https, ws or wss; it is used as it stands".to_owned(),
                "write https".to_owned(),
            ),
        }
    }
}

/// What is wrong with a path and how it is read, after the path; and what to do.
fn path_diagnosis(path: &str) -> (String, String) {
    let meant = plain_path(path);
    if let Some(host) = origin(path) {
        let reading = format!("is read as {meant}, without the host {host}: {ONE_ADDRESS}");
        return (reading, ONE_ADDRESS_HELP.to_owned());
    }
    if !path.starts_with('/') {
        return (
            format!("does not start with a slash; it is read as {meant}"),
            format!("write {meant}"),
        );
    }
    if has_whole_braces(path) {
        return (
            "has a #: what follows it is not sent".to_owned(),
            "leave it where it only tells operations of one path apart; a # that is part of the \
             path is written %23"
                .to_owned(),
        );
    }
    match has_whole_braces(&meant) {
        true => (
            format!("has two braces for one; it is read as {meant}"),
            format!("write {meant}"),
        ),
        false => (
            "has a brace without its other; it is read as it stands".to_owned(),
            "write parameters as {name}".to_owned(),
        ),
    }
}

/// Whether each brace of a path has its other.
fn has_whole_braces(path: &str) -> bool {
    let mut is_open = false;
    for brace in path.chars().filter(|letter| matches!(letter, '{' | '}')) {
        if is_open == (brace == '{') {
            return false;
        }
        is_open = !is_open;
    }
    !is_open
}

/// The status that Apifox writes in this way; 0 for all others.
pub(crate) fn status(text: &str) -> Option<u16> {
    let text = text.trim();
    if text.is_empty() || text == "0" || text.eq_ignore_ascii_case("default") {
        return Some(0);
    }
    // A spreadsheet writes 200.0.
    let whole = text.strip_suffix(".0").unwrap_or(text);
    let status: u16 = whole.parse().ok()?;
    (100..=999).contains(&status).then_some(status)
}
