//! A body as `multipart/form-data` ([RFC 7578](https://www.rfc-editor.org/rfc/rfc7578)), or
//! another kind of multipart ([RFC 2046](https://www.rfc-editor.org/rfc/rfc2046#section-5.1)).

use std::borrow::Cow;
use std::fmt::Write as _;

use super::boundary::boundary;
use super::field::{Encodings, TAKEN, Written, items};
use crate::request::encoded::Body;
use crate::request::error::Unsendable;
use crate::request::file::{File, NO_FILE};
use crate::request::media_type::{is_within, parameter, plain};
use crate::request::parameters::header::checked;
use crate::request::parameters::names::Names;
use crate::request::parameters::spelling::Alphabet;
use crate::value::node::Node;

/// A kind of multipart, and how its parts are written.
pub(super) struct Multipart<'m> {
    /// The media type: `multipart/form-data`, or another kind.
    pub media: &'m str,
    /// The members that are files.
    pub files: &'m [&'m str],
    pub encodings: Encodings,
}

/// A part: its media type, its other headers and its content.
struct Part {
    media_type: Option<String>,
    head: String,
    content: Vec<u8>,
}

const FORM_DATA: &str = "multipart/form-data";

impl Multipart<'_> {
    /// Writes each member of `node` as a part, and an array as a part for each item, unless
    /// the document says otherwise. Deeper values are written as JSON; `null` is left out.
    pub(super) fn write(&self, node: &Node<'_>) -> Result<Body, Unsendable> {
        let Node::Object(members) = node else {
            return Err(Unsendable::body(
                "it is not an object, to be sent as a form",
            ));
        };
        let mut names = self.encodings.names(members);
        let mut members: Vec<_> = members.iter().collect();
        if !self.is_form_data() {
            // Only their order tells these parts apart: that of the document.
            let order = |name: &str| self.encodings.0.iter().position(|one| one.name == name);
            members.sort_by_key(|(name, _)| order(name).unwrap_or(usize::MAX));
        }
        let mut parts = Vec::new();
        for (name, value) in members {
            if self.files.contains(&name.as_ref()) {
                for item in items(value) {
                    parts.push(self.file_part(name, item)?);
                }
            } else {
                parts.extend(self.plain_parts(name, value, &mut names)?);
            }
        }
        Ok(self.assembled(&parts))
    }

    fn is_form_data(&self) -> bool {
        self.media.eq_ignore_ascii_case(FORM_DATA)
    }

    fn file_part(&self, name: &str, node: &Node<'_>) -> Result<Part, Unsendable> {
        let file = File::from_node(node).ok_or_else(|| Unsendable::field(name, NO_FILE))?;
        let allowed = self.encodings.of(name).map(|encoding| encoding.media);
        let allowed = allowed.unwrap_or_default();
        let media_type = file_media_type(&file, allowed);
        let media_type = media_type
            .ok_or_else(|| Unsendable::field(name, file.not_allowed(&allowed.join(", "))))?;
        let file_name = escaped(&file.sent_name());
        let head = match self.is_form_data() {
            true => format!("{}; filename=\"{file_name}\"", disposition(name)),
            false if self.has_own_disposition(name) => String::new(),
            false => format!("Content-Disposition: attachment; filename=\"{file_name}\""),
        };
        let head = head + &self.own_headers(name)?;
        Ok(Part {
            head: head.trim_start().to_owned(),
            media_type: Some(media_type.into_owned()),
            content: file.into_bytes(),
        })
    }

    fn plain_parts<'n>(
        &self,
        name: &'n str,
        value: &Node<'_>,
        names: &mut Names<'n>,
    ) -> Result<Vec<Part>, Unsendable> {
        let refused = |problem: &'static str| Unsendable::field(name, problem);
        let headers = self.own_headers(name)?;
        let part = |name: &str, media_type: Option<String>, content: String| {
            let head = match self.is_form_data() {
                true => disposition(name) + &headers,
                false => headers.trim_start().to_owned(),
            };
            let media_type =
                media_type.or_else(|| (!self.is_form_data()).then(|| "text/plain".to_owned()));
            Part {
                head,
                media_type,
                content: content.into_bytes(),
            }
        };
        match self.encodings.write(name, value)? {
            Written::Plain(values) => Ok(values
                .into_iter()
                .map(|(text, media)| part(name, media, text))
                .collect()),
            Written::Styled(pairs) => {
                let parts = pairs.into_iter().map(|(own, spelling)| {
                    if !names.claim(name, &own) {
                        return Err(refused(TAKEN));
                    }
                    let text = spelling.written(Alphabet::Plain).map_err(refused)?;
                    Ok(part(&own, None, text))
                });
                parts.collect()
            }
        }
    }

    /// Whether the document gives a field's parts a `Content-Disposition`, in place of ours.
    fn has_own_disposition(&self, name: &str) -> bool {
        let mut own = self.constants(name).iter();
        own.any(|(name, _)| is_disposition(name))
    }

    fn constants(&self, name: &str) -> &'static [(&'static str, &'static str)] {
        let own = self.encodings.of(name).map(|encoding| encoding.headers);
        own.unwrap_or_default()
    }

    /// The headers that the document gives a field's parts, each after a line break. A part of
    /// `multipart/form-data` has one `Content-Disposition`, which names its field.
    fn own_headers(&self, name: &str) -> Result<String, Unsendable> {
        let mut written = String::new();
        for (name, value) in self.constants(name) {
            if self.is_form_data() && is_disposition(name) {
                continue;
            }
            let (name, value) = checked(name, (*value).to_owned())?;
            // Writing to a string can't fail.
            let _ = write!(written, "\r\n{name}: {value}");
        }
        Ok(written)
    }

    fn assembled(&self, parts: &[Part]) -> Body {
        let texts = parts
            .iter()
            .flat_map(|part| [part.head.as_bytes(), part.content.as_slice()]);
        let boundary = boundary(texts);
        let mut bytes = Vec::new();
        for part in parts {
            bytes.extend_from_slice(
                format!("--{boundary}\r\n{}\r\n\r\n", part.headers()).as_bytes(),
            );
            bytes.extend_from_slice(&part.content);
            bytes.extend_from_slice(b"\r\n");
        }
        bytes.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
        let media = self.media;
        let root = parts.first().and_then(|part| part.media_type.as_deref());
        // RFC 2387 wants to know what the first part is.
        let is_related = plain(media) == "multipart/related";
        let is_said = parameter(media, "type").is_some();
        let kind = root.filter(|_| is_related && !is_said);
        let kind = kind.map_or_else(String::new, |kind| format!("; type=\"{kind}\""));
        Body {
            media_type: format!("{media}; boundary={boundary}{kind}"),
            bytes,
        }
    }
}

impl Part {
    /// The lines before its content.
    fn headers(&self) -> String {
        let media_type = self.media_type.as_ref();
        let media_type = media_type.map(|media_type| format!("Content-Type: {media_type}"));
        let lines = [Some(self.head.clone()), media_type];
        let lines: Vec<String> = lines
            .into_iter()
            .flatten()
            .filter(|line| !line.is_empty())
            .collect();
        lines.join("\r\n")
    }
}

/// The media type that a file is sent with: the only one that the document allows, or its own
/// if it is among those.
fn file_media_type<'f>(file: &'f File, allowed: &'f [&'f str]) -> Option<Cow<'f, str>> {
    match allowed {
        [] => Some(file.media_type().into()),
        [only] if !only.contains('*') => Some((*only).into()),
        several => {
            let is_allowed = |range: &&&str| is_within(file.media_type(), range);
            several
                .iter()
                .find(is_allowed)
                .map(|_| file.media_type().into())
        }
    }
}

fn is_disposition(header: &str) -> bool {
    header.eq_ignore_ascii_case("content-disposition")
}

fn disposition(name: &str) -> String {
    format!("Content-Disposition: form-data; name=\"{}\"", escaped(name))
}

/// As browsers write names: UTF-8, with quotes and line breaks encoded. So are other
/// control characters here, which most servers refuse in a header.
fn escaped(name: &str) -> String {
    let mut escaped = String::with_capacity(name.len());
    for char in name.chars() {
        if char == '"' || char.is_ascii_control() {
            let _ = write!(escaped, "%{:02X}", u32::from(char));
        } else {
            escaped.push(char);
        }
    }
    escaped
}
