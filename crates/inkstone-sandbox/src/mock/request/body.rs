//! Whether the body of a request is as documented, and what it holds.

use apifox_document::api::{
    Body, Content, FieldEncoding, FormKind, MediaType, Part, PartValue, Sequence,
};
use apifox_runtime::Style;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hyper::StatusCode;
use hyper::header::{ACCEPT, CONTENT_TYPE, HeaderMap};
use serde_json::{Map, Value};

use crate::documents::violations;
use crate::http::multipart::Form;
use crate::http::request_body::{self, RequestBody};
use crate::mock::document::Mock;
use crate::mock::error::MockError;
use crate::mock::request::text::{self, Pair, Text};
use crate::mock::request::typed;

/// What a body holds, as JSON, if it is as documented; `None` where that is nothing.
pub fn check(
    mock: &Mock,
    described: Option<&Body>,
    headers: &HeaderMap,
    body: &RequestBody,
) -> Result<Option<Value>, MockError> {
    let Some(described) = described else {
        return Ok(None);
    };
    if let RequestBody::TooLong = body {
        let message = format!("the body is longer than {} bytes", request_body::LONGEST);
        return Err(MockError::new(StatusCode::PAYLOAD_TOO_LARGE, message));
    }
    if body.bytes().is_empty() {
        return match described.required {
            true => Err(MockError::request("", "the body is missing")),
            false => Ok(None),
        };
    }
    let given = given(headers);
    let media = media(described, &given)?;
    match (
        &media.content,
        media.name.contains('*') && !typed::is_json_type(&given),
    ) {
        // What any type may be is a schema's business only where it is JSON.
        (Content::Json(_), true) => Ok(None),
        (content, _) => judge(mock, content, body),
    }
}

/// The media type that a body is announced with.
fn given(headers: &HeaderMap) -> String {
    let given = headers.get(CONTENT_TYPE);
    essence(
        given
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default(),
    )
}

/// What the document says of bodies of the given type.
fn media<'b>(described: &'b Body, given: &str) -> Result<&'b MediaType<Content>, MockError> {
    let mut contents = described.contents.iter();
    let known = contents.find(|media| matches(&essence(&media.name), given));
    if let Some(media) = known {
        return Ok(media);
    }
    let names: Vec<&str> = described
        .contents
        .iter()
        .map(|media| media.name.as_str())
        .collect();
    let names = names.join(" or ");
    let message = match given {
        "" => format!("the header Content-Type is missing: send {names}"),
        given => format!("the body is announced as {given}: send {names}"),
    };
    let error = MockError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, message);
    let error = error.with_header(ACCEPT, names.replace(" or ", ", "));
    Err(MockError {
        place: "content-type".into(),
        ..error
    })
}

/// A media type without its parameters.
pub fn essence(media: &str) -> String {
    let essence = media.split(';').next().unwrap_or_default();
    essence.trim().to_ascii_lowercase()
}

/// Whether a type is one that a document names, which may be a range such as `image/*`.
pub fn matches(documented: &str, given: &str) -> bool {
    match documented.strip_suffix('*') {
        Some("*/") => !given.is_empty(),
        Some(start) => given.starts_with(start),
        None => {
            documented == given || (documented == "application/json" && typed::is_json_type(given))
        }
    }
}

fn judge(mock: &Mock, content: &Content, body: &RequestBody) -> Result<Option<Value>, MockError> {
    match content {
        Content::Json(place) => {
            let json: Value = serde_json::from_slice(body.bytes()).map_err(not_json)?;
            by_schema(mock, place, json)
        }
        Content::Fields {
            kind,
            fields,
            encoding,
        } => fields_of(mock, kind, (fields, encoding), body).map(Some),
        Content::Form {
            kind,
            schema,
            encoding,
            ..
        } => {
            let types = mock.types(schema);
            let (texts, files) = form(kind, body)?;
            let mut json = types.form(encoding, &texts);
            if let Some(members) = json.as_object_mut() {
                // What a file holds is text of its own kind to a schema.
                members.extend(files.into_iter().map(|name| (name, "file".into())));
            }
            by_schema(mock, schema, json)
        }
        Content::Text { schema, .. } => {
            let text = String::from_utf8_lossy(body.bytes()).into_owned();
            match schema {
                Some(place) => {
                    let mut readings = mock.types(place).readings(&text);
                    let schema = mock.schema(place)?;
                    readings.sort_by_cached_key(|value| !schema.accepts(value));
                    by_schema(mock, place, readings.swap_remove(0))
                }
                None => Ok(Some(text.into())),
            }
        }
        Content::Sequence { values, .. } => sequence(mock, values, body),
        Content::Binary(_) => Ok(None),
    }
}

fn not_json(error: serde_json::Error) -> MockError {
    MockError::request("", format!("the body is not JSON: {error}"))
}

fn by_schema(mock: &Mock, place: &str, json: Value) -> Result<Option<Value>, MockError> {
    let schema = mock.schema(place)?;
    match violations::find(&schema, &json) {
        Some(found) => Err(MockError::violations(found, &mock.place(place))),
        None => Ok(Some(json)),
    }
}

/// Values one after the other: each in a line, or behind a record separator.
fn sequence(
    mock: &Mock,
    values: &Sequence,
    body: &RequestBody,
) -> Result<Option<Value>, MockError> {
    let text = String::from_utf8_lossy(body.bytes());
    let lines = text
        .split(['\n', '\u{1e}'])
        .filter(|line| !line.trim().is_empty());
    let parsed: Result<Vec<Value>, _> = lines.map(serde_json::from_str).collect();
    let all = parsed.map_err(not_json)?;
    match values {
        Sequence::All(place) => by_schema(mock, place, all.into()),
        Sequence::Each(place) => {
            for value in &all {
                by_schema(mock, place, value.clone())?;
            }
            Ok(Some(all.into()))
        }
    }
}

type Texts = Vec<Pair>;

/// The texts of a form, and the names of its files.
fn form(kind: &FormKind, body: &RequestBody) -> Result<(Texts, Vec<String>), MockError> {
    match (kind, body) {
        (FormKind::UrlEncoded, body) => {
            let text = String::from_utf8_lossy(body.bytes());
            Ok((text::pairs(&text), Vec::new()))
        }
        (_, RequestBody::Form(_, form)) => Ok((texts(form), form.file_names())),
        (FormKind::Multipart(_), _) => Ok(Default::default()),
        (_, RequestBody::Unreadable(_, why)) => Err(MockError::request("", why)),
        _ => Err(MockError::request(
            "",
            "the body is not a form of the type multipart/form-data",
        )),
    }
}

fn texts(form: &Form) -> Texts {
    let texts = form.texts();
    texts
        .map(|(name, text)| (name.to_owned(), Text::plain(text)))
        .collect()
}

/// The fields of a form, or everything that is wrong with them.
fn fields_of(
    mock: &Mock,
    kind: &FormKind,
    (fields, encodings): (&[Part], &[FieldEncoding]),
    body: &RequestBody,
) -> Result<Value, MockError> {
    let (texts, files) = form(kind, body)?;
    let names: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
    let mut members = Map::new();
    let mut problems: Vec<(String, String)> = Vec::new();
    for field in fields {
        let name = &field.name;
        let is_file = files.contains(name);
        let encoding = encodings.iter().find(|encoding| encoding.name == *name);
        let texts = mock_texts(mock, field, encoding, &texts, &names);
        match (&field.value, texts) {
            (PartValue::File | PartValue::Files(_), _) if is_file => {}
            (PartValue::File | PartValue::Files(_), Some(texts))
                if *kind == FormKind::UrlEncoded =>
            {
                let mut texts = texts.iter().filter_map(Value::as_str);
                if !texts.all(|text| STANDARD.decode(text).is_ok()) {
                    problems.push((name.clone(), format!("{name} is text, not base64")));
                }
            }
            (PartValue::File | PartValue::Files(_), Some(_)) => {
                problems.push((name.clone(), format!("{name} is text, not a file")));
            }
            (PartValue::Schema(place), Some(mut readings)) => {
                let schema = mock.schema(place)?;
                readings.sort_by_cached_key(|value| !schema.accepts(value));
                let value = readings.swap_remove(0);
                match violations::find_in(&schema, &value, name) {
                    Some(found) if found.is_judged => problems.push((name.clone(), found.text)),
                    Some(found) => return Err(MockError::violations(found, &mock.place(place))),
                    None => {}
                }
                members.insert(name.clone(), value);
            }
            (_, None) if field.required && !is_file => {
                problems.push((name.clone(), format!("{name} is missing")));
            }
            _ => {}
        }
    }
    let Some((first, _)) = problems.first() else {
        return Ok(members.into());
    };
    let texts: Vec<&str> = problems.iter().map(|(_, text)| text.as_str()).collect();
    Err(MockError::request(format!("/{first}"), texts.join("; ")))
}

/// What a field's text may stand for; `None` where the form does not have the field.
fn mock_texts(
    mock: &Mock,
    field: &Part,
    encoding: Option<&FieldEncoding>,
    texts: &Texts,
    names: &[&str],
) -> Option<Vec<Value>> {
    let place = match &field.value {
        PartValue::Schema(place) => place.as_str(),
        PartValue::File | PartValue::Files(_) => {
            let own = texts.iter().filter(|(name, _)| *name == field.name);
            let own: Vec<Value> = own.map(|(_, text)| text.decoded().into()).collect();
            return Some(own).filter(|own| !own.is_empty());
        }
    };
    let types = mock.types(place);
    match encoding {
        Some(encoding) if encoding.serialization.is_none() && typed::is_json(encoding) => {
            types.in_json(&field.name, texts)
        }
        encoding => {
            let stated = encoding.and_then(|encoding| encoding.serialization);
            let style = stated.unwrap_or_else(|| Style::Form.exploded());
            types.named(&field.name, style, texts, names)
        }
    }
}
