//! Moments as the API takes them.

use tr::tr;

/// A moment as the API writes it, `20261121083000`, from that or a date with or without a
/// time, as in `2026-11-21` or `2026-11-21 08:30`.
pub fn parse(text: &str) -> Result<String, String> {
    let is_sign = |c: char| matches!(c, '-' | ':' | ' ' | 'T' | '/');
    let digits: String = text.trim().chars().filter(|c| !is_sign(*c)).collect();
    let wrong = || tr!("not a moment: give it as in 2026-11-21 or 2026-11-21 08:30");
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(wrong());
    }
    if !matches!(digits.len(), 8 | 12 | 14) {
        return Err(wrong());
    }
    let digits = format!("{digits:0<14}");
    let (date, time) = digits.split_at(8);
    let written = format!(
        "{}-{}-{} {}:{}:{}",
        &date[..4],
        &date[4..6],
        &date[6..],
        &time[..2],
        &time[2..4],
        &time[4..]
    );
    let moment = humantime::parse_rfc3339_weak(&written).map_err(|_| wrong())?;
    let moment = humantime::format_rfc3339_seconds(moment).to_string();
    Ok(moment.chars().filter(char::is_ascii_digit).collect())
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn a_moment_is_read_in_several_forms() {
        let cases = [
            ("20261121083000", Some("20261121083000")),
            ("2026-11-21", Some("20261121000000")),
            ("2026-11-21 08:30", Some("20261121083000")),
            ("2026/11/21T08:30:05", Some("20261121083005")),
            ("2026-13-21", None),
            ("2026-02-31", None),
            ("2026-02-29", None),
            ("2028-02-29", Some("20280229000000")),
            ("2026-11-21 25:00", None),
            ("yesterday", None),
            ("", None),
            ("２０２６１１２１", None),
        ];
        for (text, expected) in cases {
            assert_eq!(parse(text).ok().as_deref(), expected, "{text}");
        }
    }
}
