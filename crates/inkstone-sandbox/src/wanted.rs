//! Is a request what its document wants?

use std::borrow::Cow;

use hyper::StatusCode;
use hyper::header::HeaderMap;
use hyper::http::request::Parts;
use serde_json::{Map, Value};

use crate::api::Api;
use crate::body::{self, Received};
use crate::catalog::{ASYNC, Asks, Document, Role, Route};
use crate::fault::{Fault, Kind};
use crate::multipart::{self, Form};
use crate::parameter::Parameter;
use crate::template;
use crate::violation;

/// The body as JSON, whatever form it came in.
pub fn body(received: &Received) -> Result<Cow<'_, Value>, Fault> {
    match received {
        Received::Json(_, body) => Ok(Cow::Borrowed(body)),
        Received::Form(_, form) => Ok(Cow::Owned(form.json())),
        Received::Other(_, why) => Err(Fault::request("", why)),
        Received::TooLong => Err(Fault::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            Kind::Request,
            format!("the body is longer than {} bytes", body::LONGEST),
        )),
    }
}

/// DashScope has routes that answer at once and routes that answer with a task,
/// and a header that has to say which it is.
pub fn mode(route: &Route, headers: &HeaderMap) -> Result<(), Fault> {
    let is_async = headers.get(ASYNC).is_some_and(|value| value == "enable");
    let refused = match (route.api, route.role, is_async) {
        (Api::DashScope, Role::Submit, false) => "synchronous",
        (Api::DashScope, Role::Generate, true) => "asynchronous",
        _ => return Ok(()),
    };
    let message = format!("current user api does not support {refused} calls.");
    Err(Fault::coded(StatusCode::FORBIDDEN, "AccessDenied", message))
}

/// Whether the parameters of the path, the query and the header are as documented.
pub fn parameters(document: &Document, route: &Route, head: &Parts) -> Result<(), Fault> {
    let path = |name: &str| template::value(&route.path, head.uri.path(), name);
    let query = |name: &str| template::query(head.uri.query().unwrap_or_default(), name);
    let header = |name: &str| {
        let value = head.headers.get(name)?;
        Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
    };
    let all = &document.parameters;
    let faults = [
        fault(&all.path, path),
        fault(&all.query, query),
        fault(&all.header, header),
    ];
    faults.into_iter().flatten().next().map_or(Ok(()), Err)
}

fn fault(parameters: &[Parameter], given: impl Fn(&str) -> Option<String>) -> Option<Fault> {
    parameters.iter().find_map(|parameter| {
        let message = parameter.fault(given(&parameter.name).as_deref())?;
        Some(Fault::request(&parameter.name, message))
    })
}

/// The body as its document has it, if it follows it.
pub fn checked<'a>(
    document: &Document,
    received: &Received,
    body: Cow<'a, Value>,
) -> Result<Cow<'a, Value>, Fault> {
    match (&document.asks, received) {
        (Asks::Json(schema), Received::Json(..)) => match violation::find(schema, &body) {
            Some(found) => Err(Fault::request(found.first, found.text)),
            None => Ok(body),
        },
        (Asks::Form(fields), Received::Form(_, form)) => read_form(fields, form).map(Cow::Owned),
        (Asks::Json(_), _) => Err(wrong_type("JSON")),
        (Asks::Form(_), _) => Err(wrong_type("a form of the type multipart/form-data")),
        (Asks::Nothing, _) => Ok(body),
    }
}

fn wrong_type(wanted: &str) -> Fault {
    Fault::request("", format!("the body is not {wanted}"))
}

/// The values of a form's fields, or everything that is wrong with them.
fn read_form(fields: &[Parameter], form: &Form) -> Result<Value, Fault> {
    let mut values = Map::new();
    let mut faults = Vec::new();
    for field in fields {
        let fault = match field.is_file() {
            true => file_fault(field, form),
            false => field.fault(form.text(&field.name)),
        };
        faults.extend(fault.map(|message| (field.name.as_str(), message)));
        if let Some(text) = form.text(&field.name) {
            values.insert(field.name.clone(), field.value(text));
        }
    }
    let Some((first, _)) = faults.first() else {
        return Ok(values.into());
    };
    let texts: Vec<_> = faults.iter().map(|(_, text)| text.as_str()).collect();
    Err(Fault::request(format!("/{first}"), texts.join("; ")))
}

fn file_fault(field: &Parameter, form: &Form) -> Option<String> {
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
        "file {bad} of {name} is no picture: write a PNG, JPEG, WebP, GIF, BMP or TIFF file"
    ))
}
