//! Numbers of a document that 64 bits or a double do not keep.

use std::collections::BTreeMap;

use apifox_runtime::is_kept;
use serde_json::Value;

use crate::document::Document;
use crate::pointer::walk;

impl Document {
    /// The numbers that 64 bits or a double do not keep: as they are written, by their place.
    #[must_use]
    pub fn inexact_numbers(&self) -> BTreeMap<String, String> {
        numbers(self)
    }
}

fn numbers(document: &Document) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    walk(&document.json, &mut |place, value| {
        if value.is_f64() {
            let pointer = place.pointer();
            let text = document.texts.written(&document.file, &pointer);
            // A correction may have put another one there.
            let text = text.filter(|text| !is_exact(text) && may_be(text, value));
            found.extend(text.map(|text| (pointer, text.to_owned())));
        }
        true
    });
    found
}

/// Whether a number that was read as a double is the one that is written, in JSON or in YAML,
/// which has tags before numbers and quotes around them.
fn is_exact(text: &str) -> bool {
    let bare = bare(text);
    // Within 64 bits they are no doubles.
    let has_other_base = bare.starts_with("0x") || bare.starts_with("0o");
    !has_other_base && is_kept(bare) && is_kept(&as_json(bare))
}

/// A number without a tag and quotes.
fn bare(text: &str) -> &str {
    let number = text.rsplit(' ').next().unwrap_or(text);
    number.trim_matches(['"', '\''])
}

/// Whether a number is what is written, as far as a double keeps that.
fn may_be(text: &str, number: &Value) -> bool {
    let read = as_json(bare(text)).parse::<f64>();
    read.map_or(true, |read| number.as_f64() == Some(read))
}

/// A decimal as JSON writes it: YAML also has a plus, more zeros in front, and no digit on one
/// side of the point.
fn as_json(text: &str) -> String {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let (mantissa, exponent) = digits.split_once(['e', 'E']).unwrap_or((digits, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        whole => whole,
    };
    match mantissa.contains('.') || digits.len() > mantissa.len() {
        true => format!("{sign}{whole}.{fraction}0e{exponent}"),
        false => format!("{sign}{whole}"),
    }
}

#[cfg(test)]
mod tests {
    use super::is_exact;

    #[test]
    fn numbers_of_yaml_are_held_against_what_is_written() {
        for text in [
            "1.0", ".5", "1.", "+1.e3", "007.50", "-.1e-3", "'1.5'", "1e3",
        ] {
            assert!(is_exact(text), "{text}");
        }
        let lost = [
            "18446744073709551617",
            "+18446744073709551617",
            "-0018446744073709551617",
            "!!int \"18446744073709551617\"",
            "+.12345678901234567890",
            "1234567890123456789.",
            "0x1FFFFFFFFFFFFFFFF",
            "0o7777777777777777777777",
        ];
        for text in lost {
            assert!(!is_exact(text), "{text}");
        }
    }
}
