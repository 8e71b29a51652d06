//! Formats that are asserted, for the witness: what `jsonschema` says of texts, and what OpenAPI's registry says of numbers.

use jsonschema::{Keyword, ValidationError};
use serde_json::{Number, Value, json};

/// The formats of numbers: what integers they hold, both ends included.
const INTEGERS: [(&str, i128, i128); 8] = [
    ("int8", i8::MIN as i128, i8::MAX as i128),
    ("int16", i16::MIN as i128, i16::MAX as i128),
    ("int32", i32::MIN as i128, i32::MAX as i128),
    ("int64", i64::MIN as i128, i64::MAX as i128),
    ("uint8", 0, u8::MAX as i128),
    ("uint16", 0, u16::MAX as i128),
    ("uint32", 0, u32::MAX as i128),
    ("uint64", 0, u64::MAX as i128),
];

/// The keyword `format`, of which only these are asserted.
pub(crate) fn keyword<'a>(
    names: &[String],
    value: &'a Value,
) -> Result<Box<dyn for<'i> Keyword<'i>>, ValidationError<'a>> {
    let asserted = value
        .as_str()
        .filter(|name| names.iter().any(|own| own == name));
    let format = match asserted {
        None | Some("binary" | "double") => Format::Any,
        Some("float") => Format::Float,
        Some("byte") => Format::Base64,
        Some(name) => match INTEGERS.iter().find(|(known, ..)| *known == name) {
            Some((_, least, most)) => Format::Integer(*least, *most),
            None => Format::Text(Box::new(of_texts(name)?)),
        },
    };
    Ok(Box::new(format))
}

fn of_texts<'a>(name: &str) -> Result<jsonschema::Validator, ValidationError<'a>> {
    let options = jsonschema::options()
        .offline()
        .should_validate_formats(true)
        .should_ignore_unknown_formats(false);
    let unknown = |_| ValidationError::schema("is not a format that jsonschema knows");
    options.build(&json!({"format": name})).map_err(unknown)
}

enum Format {
    /// It restricts nothing, or was not named.
    Any,
    Integer(i128, i128),
    Float,
    Base64,
    Text(Box<jsonschema::Validator>),
}

impl<'i> Keyword<'i> for Format {
    fn validate(&self, instance: &'i Value) -> Result<(), ValidationError<'i>> {
        match self.is_valid(instance) {
            true => Ok(()),
            false => Err(ValidationError::custom("it is not of the format")),
        }
    }

    fn is_valid(&self, instance: &'i Value) -> bool {
        match (self, instance) {
            (Self::Integer(least, most), Value::Number(number)) => {
                whole(number).is_some_and(|value| (*least..=*most).contains(&value))
            }
            (Self::Float, Value::Number(number)) => {
                let limit = f64::from(f32::MAX);
                number.as_f64().is_some_and(|value| value.abs() <= limit)
            }
            (Self::Base64, Value::String(text)) => is_base64(text),
            (Self::Text(validator), instance) => validator.is_valid(instance),
            _ => true,
        }
    }
}

/// A number without a fraction that 128 bits hold.
fn whole(number: &Number) -> Option<i128> {
    // Far beyond what any format allows, and exact.
    const LARGEST: f64 = 1e30;
    let of_float = || {
        let value = number.as_f64()?;
        let is_whole = value.fract() == 0.0 && value.abs() < LARGEST;
        #[allow(clippy::cast_possible_truncation, reason = "it is whole, and within")]
        is_whole.then_some(value as i128)
    };
    number.as_i128().or_else(of_float)
}

/// Whether a text is base64 as RFC 4648 has it: with padding, and with no bits left over.
fn is_base64(text: &str) -> bool {
    const DIGITS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digits = text.trim_end_matches('=');
    let last = digits.chars().last().and_then(|last| DIGITS.find(last));
    let left_over = match text.len() - digits.len() {
        0 => 1,
        1 => 4,
        2 => 16,
        _ => return false,
    };
    text.len().is_multiple_of(4)
        && digits.chars().all(|digit| DIGITS.contains(digit))
        && last.unwrap_or(0).is_multiple_of(left_over)
}
