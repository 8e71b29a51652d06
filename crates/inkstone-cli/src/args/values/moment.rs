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
    let digits = match digits.len() {
        8 => format!("{digits}000000"),
        12 => format!("{digits}00"),
        14 => digits,
        _ => return Err(wrong()),
    };
    let part = |from: usize| {
        digits
            .get(from..from + 2)
            .and_then(|part| part.parse::<u32>().ok())
    };
    let limits = [(4, 1, 12), (6, 1, 31), (8, 0, 23), (10, 0, 59), (12, 0, 59)];
    let is_within = |(from, least, most): (usize, u32, u32)| {
        part(from).is_some_and(|part| (least..=most).contains(&part))
    };
    match limits.into_iter().all(is_within) {
        true => Ok(digits),
        false => Err(wrong()),
    }
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
