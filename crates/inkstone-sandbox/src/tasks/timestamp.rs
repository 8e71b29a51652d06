//! Times as DashScope writes them.

use std::time::{SystemTime, UNIX_EPOCH};

/// DashScope's times are in Beijing's zone, which they don't state.
const ZONE_SECONDS: u64 = 8 * 3600;

/// A time as in `2026-11-21 09:30:00.125`.
pub fn text(time: SystemTime) -> String {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    let seconds = since.as_secs() + ZONE_SECONDS;
    let (days, second) = (seconds / 86_400, seconds % 86_400);
    let (year, month, day) = date(days);
    let (hour, minute) = (second / 3600, second / 60 % 60);
    let milliseconds = since.subsec_millis();
    format!(
        "{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{:02}.{milliseconds:03}",
        second % 60
    )
}

/// A time in milliseconds, as the list of tasks has it.
pub fn milliseconds(time: SystemTime) -> u64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

/// The year, month and day, so many days after 1 January 1970.
///
/// Years are counted from March on, so that a leap day is the last of its year.
fn date(days: u64) -> (u64, u64, u64) {
    const DAYS_OF_400_YEARS: u64 = 146_097;
    /// From 1 March of the year 0.
    const TO_1970: u64 = 719_468;
    let days = days + TO_1970;
    let (era, day) = (days / DAYS_OF_400_YEARS, days % DAYS_OF_400_YEARS);
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    // Five months from March on have 153 days, and again from August on.
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (month, is_next_year) = match month {
        0..10 => (month + 3, 0),
        _ => (month - 9, 1),
    };
    (era * 400 + year + is_next_year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

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
        ];
        for (milliseconds, expected) in cases {
            let time = UNIX_EPOCH + Duration::from_millis(milliseconds);
            assert_eq!(text(time), expected);
        }
    }
}
