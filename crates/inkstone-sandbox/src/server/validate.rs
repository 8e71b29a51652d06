//! Whether a request is as its document describes it.

use std::borrow::Cow;

use hyper::StatusCode;
use hyper::header::{CONTENT_TYPE, HeaderMap};
use hyper::http::request::Parts;
use serde_json::{Map, Value};

use crate::documents::api::Api;
use crate::documents::api_error::{ApiError, ErrorKind};
use crate::documents::document::{BodySchema, Document};
use crate::documents::parameter::Parameter;
use crate::documents::parse_document::ASYNC_HEADER;
use crate::documents::path_template;
use crate::documents::role::Role;
use crate::documents::route::Route;
use crate::documents::violations;
use crate::http::multipart::{self, Form};
use crate::http::request_body::{self, RequestBody};

/// The body as JSON; of a form, its fields.
pub fn body(body: &RequestBody) -> Result<Cow<'_, Value>, ApiError> {
    match body {
        RequestBody::Json(_, body) => Ok(Cow::Borrowed(body)),
        RequestBody::Form(_, form) => Ok(Cow::Owned(form.json())),
        RequestBody::Unreadable(_, why) => Err(ApiError::request("", why)),
        RequestBody::TooLong => Err(ApiError::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            ErrorKind::Request,
            format!("the body is longer than {} bytes", request_body::LONGEST),
        )),
    }
}

/// Whether the header says rightly that a route answers at once, or with a task.
pub fn mode(api: Api, role: Role, headers: &HeaderMap) -> Result<(), ApiError> {
    let is_async = headers
        .get(ASYNC_HEADER)
        .is_some_and(|value| value == "enable");
    let unsupported = match (api, role, is_async) {
        (Api::DashScope, Role::Submit, false) => "synchronous",
        (Api::DashScope, Role::Generate, true) => "asynchronous",
        _ => return Ok(()),
    };
    let message = format!("current user api does not support {unsupported} calls.");
    Err(ApiError::coded(
        StatusCode::FORBIDDEN,
        "AccessDenied",
        message,
    ))
}

/// Whether a body of JSON is announced as JSON, as the APIs want it.
pub fn media_type(
    document: &Document,
    body: &RequestBody,
    headers: &HeaderMap,
) -> Result<(), ApiError> {
    let (BodySchema::Json(_), RequestBody::Json(..)) = (&document.body, body) else {
        return Ok(());
    };
    let given = headers.get(CONTENT_TYPE);
    let given = given
        .and_then(|given| given.to_str().ok())
        .unwrap_or_default();
    let kind = given.split(';').next().unwrap_or_default().trim();
    let kind = kind.to_ascii_lowercase();
    if kind == "application/json" || kind.starts_with("application/") && kind.ends_with("+json") {
        return Ok(());
    }
    let message = match kind.as_str() {
        "" => "the header Content-Type is missing: send application/json".to_owned(),
        kind => format!("the body is announced as {kind}: send application/json"),
    };
    let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
    let error = ApiError::new(status, ErrorKind::Request, message);
    Err(ApiError {
        param: CONTENT_TYPE.as_str().to_owned(),
        ..error
    })
}

/// Whether the parameters of path, query and header are as documented.
pub fn parameters(document: &Document, route: &Route, head: &Parts) -> Result<(), ApiError> {
    let path = |name: &str| path_template::value(&route.path, head.uri.path(), name);
    let query = |name: &str| path_template::query(head.uri.query().unwrap_or_default(), name);
    let header = |name: &str| {
        let value = head.headers.get(name)?;
        Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
    };
    let all = &document.parameters;
    let errors = [
        first_error(&all.path, path),
        first_error(&all.query, query),
        first_error(&all.header, header),
    ];
    errors.into_iter().flatten().next().map_or(Ok(()), Err)
}

fn first_error(
    parameters: &[Parameter],
    given: impl Fn(&str) -> Option<String>,
) -> Option<ApiError> {
    parameters.iter().find_map(|parameter| {
        let message = parameter.problem(given(&parameter.name).as_deref())?;
        Some(ApiError::request(&parameter.name, message))
    })
}

/// The body, with the fields of a form as JSON, if its document allows it.
pub fn document_body<'a>(
    document: &Document,
    body: &RequestBody,
    json: Cow<'a, Value>,
) -> Result<Cow<'a, Value>, ApiError> {
    match (&document.body, body) {
        (BodySchema::Json(schema), RequestBody::Json(..)) => {
            match violations::find(schema, &json) {
                Some(found) => Err(ApiError::request(found.first, found.text)),
                None => Ok(json),
            }
        }
        (BodySchema::Form(fields), RequestBody::Form(_, form)) => {
            read_form(fields, form).map(Cow::Owned)
        }
        (BodySchema::Json(_), _) => Err(wrong_type("JSON")),
        (BodySchema::Form(_), _) => Err(wrong_type("a form of the type multipart/form-data")),
        (BodySchema::None, _) => Ok(json),
    }
}

fn wrong_type(expected: &str) -> ApiError {
    ApiError::request("", format!("the body is not {expected}"))
}

/// The values of a form's fields, or everything that is wrong with them.
fn read_form(fields: &[Parameter], form: &Form) -> Result<Value, ApiError> {
    let mut values = Map::new();
    let mut problems = Vec::new();
    for field in fields {
        let problem = match field.is_file() {
            true => file_problem(field, form),
            false => field.problem(form.text(&field.name)),
        };
        problems.extend(problem.map(|message| (field.name.as_str(), message)));
        if let Some(text) = form.text(&field.name) {
            values.insert(field.name.clone(), field.value(text));
        }
    }
    let Some((first, _)) = problems.first() else {
        return Ok(values.into());
    };
    let texts: Vec<_> = problems.iter().map(|(_, text)| text.as_str()).collect();
    Err(ApiError::request(format!("/{first}"), texts.join("; ")))
}

fn file_problem(field: &Parameter, form: &Form) -> Option<String> {
    let name = &field.name;
    let mut files = form.files(name).peekable();
    if files.peek().is_none() {
        return match form.text(name) {
            Some(_) => Some(format!("{name} is text, not a file")),
            None => field.required.then(|| format!("{name} is missing")),
        };
    }
    let bad = files.position(|file| !multipart::is_picture(file))?;
    Some(format!(
        "file {bad} of {name} is not a picture: send a PNG, JPEG, WebP, GIF, BMP or TIFF file"
    ))
}
