//! Numbers of a JSON text that a 64-bit integer or a double does not keep.

/// How many digits tell every double from the next; more are lost where they say more.
const DIGITS_OF_A_DOUBLE: usize = 17;

/// Whether the number that is written as `text` is kept: an integer as long as it fits 64
/// bits or is a double, any other as long as it has at most 17 digits or is a double. `true`
/// for what is not a number.
#[must_use]
pub fn is_kept(text: &str) -> bool {
    let Ok(read) = serde_json::from_str::<serde_json::Number>(text) else {
        return true;
    };
    let Some(written) = Digits::parse(text) else {
        return true;
    };
    if Digits::parse(&read.to_string()).as_ref() == Some(&written) {
        return true;
    }
    let is_integer = text
        .bytes()
        .all(|byte| byte == b'-' || byte.is_ascii_digit());
    !is_integer && written.digits.len() <= DIGITS_OF_A_DOUBLE
}

/// The first number in a JSON text that is not kept, as [`is_kept`] has it.
#[must_use]
pub fn first_not_kept(json: &[u8]) -> Option<&str> {
    // What is shorter is always kept.
    const SHORTEST: usize = 18;
    let mut at = 0;
    while let Some(byte) = json.get(at) {
        match byte {
            b'"' => at = after_string(json, at + 1),
            b'-' | b'0'..=b'9' => {
                let is_part =
                    |byte: &&u8| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E');
                let length = json[at..].iter().take_while(is_part).count();
                let number = &json[at..at + length];
                if length >= SHORTEST
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
    exponent: i64,
}

impl Digits {
    fn parse(text: &str) -> Option<Self> {
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let (is_negative, mantissa) = match mantissa.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, mantissa),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all = format!("{whole}{fraction}");
        let digits = all.trim_start_matches('0');
        let leading = all.len() - digits.len();
        let places = i64::try_from(whole.len()).ok()? - i64::try_from(leading).ok()?;
        let digits = digits.trim_end_matches('0').to_owned();
        let exponent: i64 = exponent.parse().ok()?;
        Some(Self {
            is_negative: is_negative && !digits.is_empty(),
            exponent: match digits.is_empty() {
                true => 0,
                false => exponent.checked_add(places)?,
            },
            digits,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{first_not_kept, is_kept};

    #[test]
    fn what_is_lost_is_told() {
        let kept = [
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
            "0.10000000000000001",
            "1.7976931348623157e308",
            "5e-324",
            "null",
            "\"a\"",
            "0.30000000000000000000",
        ];
        for text in kept {
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
