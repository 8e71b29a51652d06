//! Whether the parameters of path, query, headers and cookies are as documented.

use apifox_document::api::Parameter;
use apifox_runtime::{Location, Style};
use hyper::header::{COOKIE, HeaderMap};
use serde_json::Value;

use crate::documents::violations;
use crate::mock::document::Mock;
use crate::mock::error::MockError;
use crate::mock::operation::Found;
use crate::mock::request::text::{self, Pair, Text};

pub fn check(
    mock: &Mock,
    found: &Found<'_>,
    headers: &HeaderMap,
    query: &str,
) -> Result<(), MockError> {
    let query = text::pairs(query);
    let cookies = cookies(headers);
    let named = |location: Location| {
        let all = found.operation.endpoint.parameters.iter();
        let of = all.filter(move |parameter| parameter.location == location);
        of.map(|parameter| parameter.name.as_str())
            .collect::<Vec<_>>()
    };
    let (in_query, in_cookies) = (named(Location::Query), named(Location::Cookie));
    for parameter in &found.operation.endpoint.parameters {
        let types = mock.types(&parameter.schema);
        let (name, style) = (&parameter.name, parameter.serialization);
        let readings = match parameter.location {
            Location::Path => {
                let value = found.values.iter().find(|(own, _)| own == name);
                let text = value.map(|(_, text)| Text::percent(text.as_str()));
                text.map(|text| types.alone(name, &text, style))
            }
            Location::Query => types.named(name, style, &query, &in_query),
            Location::Header => {
                let value = headers.get(name);
                let text = value.map(|value| String::from_utf8_lossy(value.as_bytes()));
                text.map(|text| types.alone(name, &Text::plain(text), style))
            }
            Location::Cookie => {
                let text: fn(&str) -> Text = match style.style {
                    Style::Cookie | Style::Json => |text| Text::plain(text),
                    _ => |text| Text::percent(text),
                };
                let pairs = cookies
                    .iter()
                    .map(|(name, value)| (name.clone(), text(value)));
                let pairs: Vec<Pair> = pairs.collect();
                types.named(name, style, &pairs, &in_cookies)
            }
        };
        judge(mock, parameter, readings)?;
    }
    Ok(())
}

/// Whether one of the values that a text may stand for is as the schema says.
fn judge(
    mock: &Mock,
    parameter: &Parameter,
    readings: Option<Vec<Value>>,
) -> Result<(), MockError> {
    let name = &parameter.name;
    let Some(readings) = readings else {
        return match parameter.required {
            true => {
                let place = parameter.location.name();
                Err(MockError::request(
                    name,
                    format!("{name} is missing in the {place}"),
                ))
            }
            false => Ok(()),
        };
    };
    let schema = mock.schema(&parameter.schema)?;
    if readings.iter().any(|value| schema.accepts(value)) {
        return Ok(());
    }
    let first = readings.first().unwrap_or(&Value::Null);
    match violations::find_in(&schema, first, name) {
        Some(found) => Err(MockError {
            place: name.clone(),
            ..MockError::violations(found, &mock.place(&parameter.schema))
        }),
        None => Ok(()),
    }
}

fn cookies(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = headers.get(COOKIE).and_then(|value| value.to_str().ok());
    let pairs = text.unwrap_or_default().split(';');
    let pairs = pairs.filter_map(|pair| pair.trim().split_once('='));
    pairs
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}
