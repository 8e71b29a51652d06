//! The keyword `x-format`: a string of a format that is asserted.

use jsonschema::ValidationError;
use serde_json::{Value, json};

use crate::keywords::any_keyword::{self, Factory};

/// The formats that jsonschema knows of those that the keyword may name.
const KNOWN: [&str; 9] = [
    "date-time",
    "date",
    "time",
    "duration",
    "uuid",
    "uri",
    "email",
    "ipv4",
    "ipv6",
];

pub fn keyword(rule: &Value) -> Factory<'_> {
    let unknown = || ValidationError::schema("name a format of strings, such as date-time");
    match rule.as_str().ok_or_else(unknown)? {
        "float" | "double" => Ok(any_keyword::keyword(|_| None)),
        "byte" => Ok(any_keyword::keyword(|instance| {
            let is_broken = instance.as_str().is_some_and(|text| !is_base64(text));
            is_broken.then_some("the string is not base64")
        })),
        name if KNOWN.contains(&name) => {
            let options = jsonschema::options()
                .offline()
                .should_validate_formats(true);
            let format = options.build(&json!({"format": name}));
            let format = format.map_err(|_| unknown())?;
            Ok(any_keyword::keyword(move |instance| {
                (!format.is_valid(instance)).then_some("the string is not of the format")
            }))
        }
        _ => Err(unknown()),
    }
}

/// Whether a text is base64 with padding, and without bits that nothing reads.
fn is_base64(text: &str) -> bool {
    let digits = text.trim_end_matches('=');
    let padding = text.len() - digits.len();
    let last = digits.bytes().last().and_then(value).unwrap_or(0);
    let unread = match padding {
        0 => 0,
        1 => last & 0b11,
        2 => last & 0b1111,
        _ => return false,
    };
    text.len().is_multiple_of(4) && unread == 0 && digits.bytes().all(|byte| value(byte).is_some())
}

fn value(byte: u8) -> Option<u8> {
    Some(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    })
}
