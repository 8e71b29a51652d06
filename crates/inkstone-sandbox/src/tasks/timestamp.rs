//! Times as DashScope writes them.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// DashScope's times are in Beijing's zone, which they don't state.
const ZONE: Duration = Duration::from_secs(8 * 3600);

/// The last second of the year 9999: later ones can't be written.
const LAST: Duration = Duration::from_secs(253_402_300_799);

/// A time as in `2026-11-21 09:30:00.125`.
pub fn text(time: SystemTime) -> String {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    let there = UNIX_EPOCH + since.saturating_add(ZONE).min(LAST);
    let text = humantime::format_rfc3339_millis(there).to_string();
    text.replace('T', " ").trim_end_matches('Z').to_owned()
}

/// A time in milliseconds, as the list of tasks has it.
pub fn milliseconds(time: SystemTime) -> u64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_those_of_the_calendar() {
        let cases = [
            (0, "1970-01-01 08:00:00.000"),
            (951_782_399_999, "2000-02-29 07:59:59.999"),
            (951_840_000_000, "2000-03-01 00:00:00.000"),
            (1_709_135_999_001, "2024-02-28 23:59:59.001"),
            (1_709_136_000_000, "2024-02-29 00:00:00.000"),
            (1_795_190_400_125, "2026-11-21 00:00:00.125"),
            (4_107_542_399_000, "2100-03-01 07:59:59.000"),
            (253_402_300_800_000, "9999-12-31 23:59:59.000"),
        ];
        for (milliseconds, expected) in cases {
            let time = UNIX_EPOCH + Duration::from_millis(milliseconds);
            assert_eq!(text(time), expected);
        }
    }
}
