//! How does a client steer the sandbox?

use std::time::Duration;

use hyper::{HeaderMap, StatusCode};
use percent_encoding::percent_decode_str;

use crate::fault::Fault;

const STATUS: &str = "X-Sandbox-Status";
const EXAMPLE: &str = "X-Sandbox-Example";
const DELAY: &str = "X-Sandbox-Delay";
const REPLY: &str = "X-Sandbox-Reply";
const LONGEST_DELAY: u64 = 600_000;

/// What the control headers of a request say.
#[derive(Debug, Default)]
pub struct Control {
    pub status: Option<StatusCode>,
    pub example: Option<String>,
    pub delay: Duration,
    pub form: Form,
}

/// How a reply holds its pictures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    #[default]
    Url,
    Base64,
}

impl Form {
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "url" => Some(Self::Url),
            "b64_json" => Some(Self::Base64),
            _ => None,
        }
    }
}

impl Control {
    pub fn read(headers: &HeaderMap) -> Result<Self, Fault> {
        Ok(Self {
            status: header(headers, STATUS, "a status from 200 to 599", "503", status)?,
            example: header(headers, EXAMPLE, "the name of an example", "成功示例", name)?,
            delay: header(headers, DELAY, "milliseconds", "1500", delay)?.unwrap_or_default(),
            form: header(headers, REPLY, "url or b64_json", "b64_json", Form::parse)?
                .unwrap_or_default(),
        })
    }
}

/// The fault of an example that isn't there.
pub fn unknown_example(name: &str, known: &[&str]) -> Fault {
    let known: Vec<_> = known.iter().map(|name| format!("{name:?}")).collect();
    let known = match known.is_empty() {
        true => "none".into(),
        false => known.join(", "),
    };
    Fault::request(
        EXAMPLE,
        format!("{EXAMPLE}: there is no example {name:?}; there are: {known}"),
    )
}

/// The fault of asking for base64 where the reply can't hold it.
pub fn no_base64(document: &str) -> Fault {
    Fault::request(
        REPLY,
        format!("{REPLY}: the replies of {document} can't hold base64; write url"),
    )
}

fn header<T>(
    headers: &HeaderMap,
    name: &str,
    rule: &str,
    sample: &str,
    read: fn(&str) -> Option<T>,
) -> Result<Option<T>, Fault> {
    let Some(value) = headers.get(name) else {
        return Ok(None);
    };
    // A name can be in Chinese, which header values can hold but `to_str` refuses.
    let text = String::from_utf8_lossy(value.as_bytes());
    match read(text.trim()) {
        Some(value) => Ok(Some(value)),
        None => Err(Fault::request(
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

/// Reads percent-encoding, since many clients write nothing but ASCII.
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
