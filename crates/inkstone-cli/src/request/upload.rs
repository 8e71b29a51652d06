//! Which pictures go to the temporary storage of an API before their request is sent.

use apifox_runtime::DataUri;
use inkstone::{ApiFacts, Operation};
use serde_json::Value;
use tr::tr;

use crate::error::CliError;
use crate::output::input::for_each_text;
use crate::request::document;
use crate::request::verdict::Verdict;

/// What stands for the URL of a picture that is yet to be uploaded.
const PLACEHOLDER: &str = "oss://uploaded/picture.png";

/// How long a picture may be, as a data URI, that stays in the request: longer ones are
/// uploaded. `None` where all of them stay.
///
/// With `is_asked`, all are uploaded. Where the document takes no picture of the storage,
/// they stay.
pub fn longest_kept(operation: &Operation, body: &Value, is_asked: bool) -> Option<usize> {
    let facts = ApiFacts::find(operation.api).filter(|facts| facts.has_uploads())?;
    let longest = match is_asked {
        true => 0,
        false => facts.longest_data_uri()?,
    };
    let mut uploaded = body.clone();
    let is_any = replace_longer(&mut uploaded, longest) > 0;
    let is_accepted = || Verdict::check(operation, &uploaded).violations.is_empty();
    (is_any && is_accepted()).then_some(longest)
}

/// Refuses `--upload` where pictures can't be uploaded; else says how many will be.
pub fn check(operation: &Operation, body: &Value, is_asked: bool) -> Result<usize, CliError> {
    let mut copy = body.clone();
    if let Some(longest) = longest_kept(operation, body, is_asked) {
        return Ok(replace_longer(&mut copy, longest));
    }
    match is_asked && replace_longer(&mut copy, 0) > 0 {
        false => Ok(0),
        true => Err(CliError::invalid(tr!(
            "--upload: {document} takes no pictures from a temporary storage",
            document = document::title(operation)
        ))
        .hint(tr!("leave --upload out, or give the URL of a picture"))),
    }
}

/// Replaces the data URIs that are longer than this; says how many there are.
fn replace_longer(value: &mut Value, longest: usize) -> usize {
    let mut count = 0;
    for_each_text(value, &mut |text| {
        if text.len() > longest && DataUri::parse(text).is_some() {
            *text = PLACEHOLDER.to_owned();
            count += 1;
        }
    });
    count
}
