//! Durations as people give them.

use std::time::Duration;

use tr::tr;

/// A duration that is not nothing: `90s`, `10m`, or a bare number of seconds.
pub fn limit(text: &str) -> Result<Duration, String> {
    match any(text)? {
        Duration::ZERO => Err(tr!("no time at all: give at least 1s")),
        limit => Ok(limit),
    }
}

/// A duration, which may be nothing.
pub fn any(text: &str) -> Result<Duration, String> {
    let trimmed = text.trim();
    let read = match trimmed.parse::<f64>() {
        Ok(seconds) => Duration::try_from_secs_f64(seconds).ok(),
        Err(_) => humantime::parse_duration(trimmed).ok(),
    };
    read.ok_or_else(|| {
        tr!("not a duration: give it as in 90s, 10m or 1h; a bare number is seconds")
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{any, limit};

    #[test]
    fn a_bare_number_is_seconds_and_nothing_is_no_limit() {
        let cases = [
            ("10", Some(10_000)),
            ("1.5", Some(1500)),
            (" 90s ", Some(90_000)),
            ("10m", Some(600_000)),
            ("1h 30m", Some(5_400_000)),
            ("0", None),
            ("0s", None),
            ("0.0", None),
            ("-1", None),
            ("nan", None),
            ("inf", None),
            ("1e300", None),
            ("", None),
            ("soon", None),
            ("10 parsecs", None),
        ];
        for (text, milliseconds) in cases {
            let expected = milliseconds.map(Duration::from_millis);
            assert_eq!(limit(text).ok(), expected, "{text}");
        }
        assert_eq!(any("0").ok(), Some(Duration::ZERO));
    }
}
