//! Numbers of a JSON text that a 64-bit integer or a double does not keep.

/// Whether the number that is written as `text` is kept: an integer as long as it fits 64
/// bits, any other as long as it is what the double is written as, by the fewest digits that tell
/// it from others. A fraction may also have the 17 digits that C prints of a double. `true` for
/// what is not a number.
#[must_use]
pub fn is_kept(text: &str) -> bool {
    let Ok(read) = serde_json::from_str::<serde_json::Number>(text) else {
        return true;
    };
    let written = Digits::parse(text);
    written == Digits::parse(&read.to_string())
        || written.is_fraction() && written.is_printed(&read)
}

/// The first number in a JSON text that is not kept, as [`is_kept`] has it.
pub(crate) fn first_not_kept(json: &[u8]) -> Option<&str> {
    let mut at = 0;
    while let Some(byte) = json.get(at) {
        match byte {
            b'"' => at = after_string(json, at + 1),
            b'-' | b'0'..=b'9' => {
                let is_part =
                    |byte: &&u8| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E');
                let length = json[at..].iter().take_while(is_part).count();
                let number = &json[at..at + length];
                if may_be_lost(number)
                    && let Ok(number) = std::str::from_utf8(number)
                    && !is_kept(number)
                {
                    return Some(number);
                }
                at += length;
            }
            _ => at += 1,
        }
    }
    None
}

/// Whether a number may not be kept; most are told to be by their length.
#[inline]
fn may_be_lost(number: &[u8]) -> bool {
    /// So many digits and a sign fit 64 bits; with so many less and a point they are those that
    /// tell a double from others.
    const ALWAYS_KEPT: usize = 16;
    const SMALLEST: usize = "1e-400".len();
    match number.len() {
        // A small exponent, of three digits or more.
        SMALLEST..=ALWAYS_KEPT => number[1..number.len() - 3].contains(&b'-'),
        length => length > ALWAYS_KEPT,
    }
}

/// Where the string ends whose content starts at `at`.
fn after_string(json: &[u8], mut at: usize) -> usize {
    while let Some(byte) = json.get(at) {
        match byte {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    at
}

/// A number as `0.digits × 10^exponent`, without zeros at either end of its digits.
#[derive(Debug, PartialEq, Eq)]
struct Digits {
    is_negative: bool,
    digits: String,
    exponent: i128,
}

impl Digits {
    fn parse(text: &str) -> Self {
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let (is_negative, mantissa) = match mantissa.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, mantissa),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all = format!("{whole}{fraction}");
        let digits = all.trim_start_matches('0');
        let leading = all.len() - digits.len();
        let places = whole.len().cast_signed() - leading.cast_signed();
        let digits = digits.trim_end_matches('0').to_owned();
        // What is too large to be read is that of no double.
        let exponent: i128 = exponent.parse().unwrap_or(i128::MAX / 2);
        Self {
            is_negative: is_negative && !digits.is_empty(),
            exponent: match digits.is_empty() {
                true => 0,
                false => exponent.saturating_add(places as i128),
            },
            digits,
        }
    }

    /// Whether there is something behind the point.
    fn is_fraction(&self) -> bool {
        i128::try_from(self.digits.len()).is_ok_and(|length| self.exponent < length)
    }

    /// Whether these are the 17 digits of a double, as C prints them.
    fn is_printed(&self, number: &serde_json::Number) -> bool {
        let printed = number.as_f64().map(|double| format!("{double:.16e}"));
        printed.is_some_and(|printed| Self::parse(&printed) == *self)
    }
}

#[cfg(test)]
mod tests {
    use super::{first_not_kept, is_kept};

    const KEPT: &[&str] = &[
        "0",
        "-0",
        "-0.0",
        "1.0",
        "0.1",
        "1e3",
        "1E+300",
        "1.50",
        "18446744073709551615",
        "-9223372036854775808",
        "18446744073709552000",
        "100000000000000000000",
        "1e20",
        "0.10000000000000001",
        "1.7976931348623157e308",
        "5e-324",
        "null",
        "\"a\"",
        "0.30000000000000000000",
        "1e23",
        "100000000000000000000000",
        "0e-400",
        "0.29999999999999999",
        "9007199254740992.0",
        "9007199254740993",
        "-9007199254740993",
    ];

    #[test]
    fn what_is_lost_is_told() {
        for text in KEPT {
            assert!(is_kept(text), "{text}");
        }
        let lost = [
            "18446744073709551616",
            "18446744073709551617",
            "-9223372036854775809",
            "100000000000000000001",
            "0.12345678901234567890",
            "1234567890.1234567890123",
            "1.00000000000000000001e30",
            "9007199254740993.0",
            "9007199254740993.5",
            "-9007199254740993e0",
            "0.30000000000000001",
            "1.0000000000000001",
            "9.9999999999999992e22",
            "9.2233720368547758e18",
            "1e-400",
            "3e-324",
            "0.0000000001e-314",
            "1e-99999999999999999999999999999999999999999",
            "0.01e-170141183460469231731687303715884105728",
        ];
        for text in lost {
            assert!(!is_kept(text), "{text}");
            let json = format!("{{\"a\\\"1\": [\"18446744073709551617\", {text}]}}");
            assert_eq!(first_not_kept(json.as_bytes()), Some(text));
        }
        assert_eq!(
            first_not_kept(b"[1, \"\\\\\", 2.5, \"18446744073709551617\"]"),
            None
        );
    }
}
