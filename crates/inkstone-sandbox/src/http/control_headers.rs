//! The headers with which a client controls the sandbox.

use std::collections::HashSet;
use std::time::Duration;

use hyper::{HeaderMap, StatusCode};
use percent_encoding::percent_decode_str;

use crate::documents::api_error::ApiError;
use crate::pictures::encoding::{ENCODING_HEADER, PictureEncoding};
use crate::script::effect::LONGEST_DELAY;

const STATUS: &str = "X-Sandbox-Status";
const EXAMPLE: &str = "X-Sandbox-Example";
const DELAY: &str = "X-Sandbox-Delay";

/// What the control headers of a request say.
#[derive(Debug, Default)]
pub struct Control {
    pub status: Option<StatusCode>,
    pub example: Option<String>,
    pub delay: Duration,
    pub encoding: PictureEncoding,
}

impl Control {
    pub fn read(headers: &HeaderMap) -> Result<Self, ApiError> {
        Ok(Self {
            status: header(headers, STATUS, "a status from 200 to 599", "503", status)?,
            example: header(headers, EXAMPLE, "the name of an example", "成功示例", name)?,
            delay: header(headers, DELAY, "milliseconds", "1500", delay)?.unwrap_or_default(),
            encoding: header(
                headers,
                ENCODING_HEADER,
                "url or b64_json",
                "b64_json",
                |text| text.parse().ok(),
            )?
            .unwrap_or_default(),
        })
    }
}

/// The error where no example has the name. Several may have the same, which is listed once.
pub fn unknown_example(name: &str, known: &[&str]) -> ApiError {
    let mut listed = HashSet::new();
    let known = known.iter().filter(|name| listed.insert(**name));
    let known: Vec<_> = known.map(|name| format!("{name:?}")).collect();
    let known = match known.is_empty() {
        true => "none".into(),
        false => known.join(", "),
    };
    ApiError::request(
        EXAMPLE,
        format!("{EXAMPLE}: there is no example {name:?}; there are: {known}"),
    )
}

fn header<T>(
    headers: &HeaderMap,
    name: &str,
    rule: &str,
    sample: &str,
    read: fn(&str) -> Option<T>,
) -> Result<Option<T>, ApiError> {
    let Some(value) = headers.get(name) else {
        return Ok(None);
    };
    // A name can be Chinese, which a header may hold but `to_str` refuses.
    let text = String::from_utf8_lossy(value.as_bytes());
    match read(text.trim()) {
        Some(value) => Ok(Some(value)),
        None => Err(ApiError::request(
            name,
            format!("{name}: write {rule}, as in \"{name}: {sample}\", not {text:?}"),
        )),
    }
}

fn status(text: &str) -> Option<StatusCode> {
    let is_plain = text.len() == 3 && is_digits(text);
    let status = text.parse().ok().filter(|code| (200..600).contains(code))?;
    StatusCode::from_u16(status).ok().filter(|_| is_plain)
}

fn delay(text: &str) -> Option<Duration> {
    is_digits(text).then(|| {
        let asked = text.parse().unwrap_or(LONGEST_DELAY);
        Duration::from_millis(asked.min(LONGEST_DELAY))
    })
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A name, percent-encoded or not: many clients send ASCII only.
fn name(text: &str) -> Option<String> {
    let name = percent_decode_str(text).decode_utf8().ok()?;
    (!name.is_empty()).then(|| name.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_they_are_and_percent_encoded() {
        let cases = [
            ("未找到", Some("未找到")),
            ("%E6%9C%AA%e6%89%be%E5%88%B0", Some("未找到")),
            ("100%", Some("100%")),
            ("%zz", Some("%zz")),
            ("%ff", None),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(name(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn delays_have_a_limit_and_statuses_a_range() {
        let delays = [
            ("0", Some(0)),
            ("1500", Some(1500)),
            ("-1", None),
            ("", None),
        ];
        for (text, expected) in delays {
            assert_eq!(delay(text), expected.map(Duration::from_millis), "{text}");
        }
        let longest = Some(Duration::from_millis(600_000));
        assert_eq!(delay("600001"), longest);
        assert_eq!(delay("99999999999999999999999"), longest);
        for (text, expected) in [("200", true), ("599", true), ("199", false), ("600", false)] {
            assert_eq!(status(text).is_some(), expected, "{text}");
        }
        assert_eq!(status("+200"), None);
    }
}
