//! What became of an order, as OpenAI's API would answer.

use std::path::Path;

use hyper::StatusCode;
use serde_json::{Value, json};

use crate::ledger::answer::{Answer, Failure, Picture};
use crate::serve::api_error::ApiError;
use crate::serve::http::payload::Part;
use crate::serve::openai::fields::Format;

/// Where pictures are.
pub struct Shelf<'a> {
    /// The directory that they are saved in.
    pub directory: &'a Path,
    /// Where they can be fetched, as in `http://127.0.0.1:8788/pictures`.
    pub url: &'a str,
}

impl Shelf<'_> {
    /// The picture with this name as base64, if it is there.
    fn picture(&self, name: &str) -> Result<Part, String> {
        Part::base64(&self.directory.join(name))
            .map_err(|error| format!("{name} can't be read: {error}"))
    }

    /// Where the picture with this name can be fetched.
    fn url_of(&self, name: &str) -> String {
        format!("{}/{name}", self.url)
    }
}

/// The error of an order without pictures.
fn error(failure: &Failure) -> ApiError {
    let (status, code) = match failure.stage.as_str() {
        "throttled" => (StatusCode::TOO_MANY_REQUESTS, "rate_limit_exceeded"),
        "not_sent" => (StatusCode::SERVICE_UNAVAILABLE, "api_unreachable"),
        "invalid" => (StatusCode::BAD_REQUEST, "invalid_value"),
        "refused" => (refused(failure), "refused"),
        "account" | "configuration" => (StatusCode::BAD_GATEWAY, "server_account"),
        _ => (StatusCode::BAD_GATEWAY, "outcome_unknown"),
    };
    let code = failure.code.as_deref().unwrap_or(code);
    let mut message = failure.message.clone();
    if failure.may_have_been_billed {
        const BILLED: &str = "; it may have been billed";
        if !message.ends_with(BILLED) {
            message += BILLED;
        }
        message += ", and is not sent again";
    }
    let error = ApiError::new(status, code, message).retry_after(failure.retry_after);
    let error = error.more(json!({
        "stage": failure.stage,
        "may_have_been_billed": failure.may_have_been_billed,
        "details": failure.details,
    }));
    match failure.stage.as_str() {
        "throttled" | "not_sent" => error,
        _ => error.never_again(),
    }
}

/// The status of what the API refused: its own, where the caller is to blame.
fn refused(failure: &Failure) -> StatusCode {
    let own = failure.status.filter(|status| (400..500).contains(status));
    let own = own.and_then(|status| StatusCode::from_u16(status).ok());
    own.unwrap_or(StatusCode::BAD_GATEWAY)
}

/// The reply to a request: its pictures, if all that were made can be given.
pub fn reply(answer: &Answer, format: Format, shelf: &Shelf<'_>) -> Result<Vec<Part>, ApiError> {
    let (pictures, missing) = given(answer, format, shelf)?;
    if !missing.is_empty() {
        return Err(unavailable(answer, missing, shelf));
    }
    let mut parts = vec![Part::text(format!(
        "{{\"created\":{},\"data\":[",
        answer.created
    ))];
    for (index, picture) in pictures.into_iter().enumerate() {
        let comma = if index == 0 { "" } else { "," };
        parts.push(Part::text(comma.to_owned()));
        parts.extend(object(&json!({}), picture));
    }
    let mut rest = "]".to_owned();
    if !answer.unmade.is_empty() {
        rest += &format!(",\"unmade\":{}", json!(answer.unmade));
    }
    if let Some(file) = &answer.kept {
        rest += &format!(",\"kept\":{}", json!(file));
    }
    parts.push(Part::text(format!("{rest}}}\n")));
    Ok(parts)
}

/// The events of a stream: one for each picture, and one of an error, where there are none or not
/// all can be given; and whether all are. `operation` is `image_generation` or `image_edit`.
pub fn events(answer: &Answer, operation: &str, shelf: &Shelf<'_>) -> (Vec<Part>, bool) {
    // Events have pictures only as base64.
    let (pictures, missing) = match given(answer, Format::Base64, shelf) {
        Ok(given) => given,
        Err(error) => return (vec![error_event(&error)], true),
    };
    let name = format!("{operation}.completed");
    let mut parts = Vec::new();
    for picture in pictures {
        parts.push(Part::text(format!("event: {name}\ndata: ")));
        let head = json!({
            "type": name,
            "created_at": answer.created,
            "output_format": picture.ending,
        });
        parts.extend(object(&head, picture));
        parts.push(Part::text("\n\n".to_owned()));
    }
    let is_whole = missing.is_empty();
    if !is_whole {
        parts.push(error_event(&unavailable(answer, missing, shelf)));
    }
    (parts, is_whole)
}

/// The event of an error in a stream.
fn error_event(error: &ApiError) -> Part {
    Part::text(format!("event: error\ndata: {}\n\n", error.json()))
}

/// A picture that is given.
struct Given {
    /// The member of its object.
    member: Vec<Part>,
    /// Its format, as the ending of a file.
    ending: String,
}

impl Given {
    fn url(url: &str) -> Self {
        Self {
            member: vec![Part::text(format!("\"url\":{}", json!(url)))],
            ending: String::new(),
        }
    }

    fn base64(picture: Part, name: &str) -> Self {
        let open = Part::text("\"b64_json\":\"".to_owned());
        Self {
            member: vec![open, picture, Part::text("\"".to_owned())],
            ending: name.rsplit('.').next().unwrap_or_default().to_owned(),
        }
    }
}

/// The pictures as they are asked for, and why others can't be given, which were made as well. An
/// address where this program has just found no picture is none that is given.
fn given(
    answer: &Answer,
    format: Format,
    shelf: &Shelf<'_>,
) -> Result<(Vec<Given>, Vec<String>), ApiError> {
    if let Some(failure) = &answer.failure {
        return Err(error(failure));
    }
    let mut given = Vec::new();
    let mut missing = Vec::new();
    for picture in &answer.pictures {
        match picture {
            Picture::Saved(name) => match (shelf.picture(name), format) {
                (Ok(_), Format::Url) => given.push(Given::url(&shelf.url_of(name))),
                (Ok(part), Format::Base64) => given.push(Given::base64(part, name)),
                (Err(why), _) => missing.push(why),
            },
            Picture::Unsaved { reason, url } => {
                missing.push(format!("{}{reason}", prefix(url.as_deref())));
            }
        }
    }
    if given.is_empty() && missing.is_empty() {
        return Err(unavailable(answer, missing, shelf));
    }
    Ok((given, missing))
}

fn prefix(url: Option<&str>) -> String {
    url.map_or_else(String::new, |url| format!("{url}: "))
}

/// The error of an order whose pictures can't all be given; it names those that can.
fn unavailable(answer: &Answer, mut details: Vec<String>, shelf: &Shelf<'_>) -> ApiError {
    let (missing, all) = (details.len(), answer.pictures.len());
    details.extend(
        answer
            .kept
            .iter()
            .map(|file| format!("the reply is kept in {file}")),
    );
    details.extend(
        answer
            .in_ledger
            .then(|| "the reply is kept in the ledger".to_owned()),
    );
    let which = match missing < all {
        true => format!("{all} pictures were made, and {missing} of them can't be given"),
        false => "the pictures were made, and can't be given".to_owned(),
    };
    // From what is kept it is fetched, or saved, once more.
    let later = match answer.has_more() {
        true => "again later, or ",
        false => "",
    };
    let message = format!(
        "{which}; they are not made again: send the same request {later}with another \
        Idempotency-Key to order others"
    );
    let there = answer.pictures.iter().filter_map(|picture| match picture {
        Picture::Saved(name) if shelf.picture(name).is_ok() => {
            Some(json!({"url": shelf.url_of(name)}))
        }
        _ => None,
    });
    let more = json!({"details": details, "data": there.collect::<Vec<_>>()});
    let error = ApiError::new(StatusCode::BAD_GATEWAY, "picture_unavailable", message);
    error.more(more).never_again()
}

/// The object of a picture: these members, and the picture.
fn object(head: &Value, picture: Given) -> Vec<Part> {
    let head = head.to_string();
    let open = head.strip_suffix('}').unwrap_or(&head);
    let comma = if open.len() > 1 { "," } else { "" };
    let mut parts = vec![Part::text(format!("{open}{comma}"))];
    parts.extend(picture.member);
    parts.push(Part::text("}".to_owned()));
    parts
}
