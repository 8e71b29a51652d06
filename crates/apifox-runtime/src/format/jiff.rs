//! Dates, times and durations as jiff has them.

use jiff::civil;
use jiff::tz::Offset;
use jiff::{Span, Timestamp, Zoned};

use crate::format::texts::{Date, DateTime, Duration, Time};
use crate::validate::report::Invalid;

impl DateTime {
    /// The date and the time that are written. Second 60 becomes 59, and fractions are cut off
    /// at nanoseconds.
    #[must_use]
    pub fn civil(&self) -> civil::DateTime {
        let (date, time) = self.as_str().split_at(10);
        date_of(date).to_datetime(time_of(&time[1..]))
    }

    /// The offset from UTC that is written.
    #[must_use]
    pub fn offset(&self) -> Offset {
        offset_of(self.as_str())
    }

    /// The instant.
    ///
    /// # Errors
    ///
    /// That it is after the last that jiff has, in the last days of the year 9999.
    pub fn timestamp(&self) -> Result<Timestamp, jiff::Error> {
        self.offset().to_timestamp(self.civil())
    }
}

impl TryFrom<DateTime> for Timestamp {
    type Error = jiff::Error;

    fn try_from(value: DateTime) -> Result<Self, jiff::Error> {
        value.timestamp()
    }
}

/// Fails for years before 0, which RFC 3339 can't write.
impl TryFrom<Timestamp> for DateTime {
    type Error = Invalid;

    fn try_from(value: Timestamp) -> Result<Self, Invalid> {
        value.to_string().parse()
    }
}

/// With the offset, without the zone. Before the year 0 there is no way to write it, nor are
/// offsets written of a fraction of a minute.
impl TryFrom<&Zoned> for DateTime {
    type Error = Invalid;

    fn try_from(value: &Zoned) -> Result<Self, Invalid> {
        let seconds = value.offset().seconds();
        if seconds % 60 != 0 {
            return value.to_string().parse();
        }
        let sign = if seconds < 0 { '-' } else { '+' };
        let minutes = seconds.abs() / 60;
        let (hours, minutes) = (minutes / 60, minutes % 60);
        format!("{}{sign}{hours:02}:{minutes:02}", value.datetime()).parse()
    }
}

impl Date {
    /// The date.
    #[must_use]
    pub fn get(&self) -> civil::Date {
        date_of(self.as_str())
    }
}

impl From<Date> for civil::Date {
    fn from(value: Date) -> Self {
        value.get()
    }
}

/// Fails for years before 0, which RFC 3339 can't write.
impl TryFrom<civil::Date> for Date {
    type Error = Invalid;

    fn try_from(value: civil::Date) -> Result<Self, Invalid> {
        value.to_string().parse()
    }
}

impl Time {
    /// The time that is written. A leap second is the one before it, and of a fraction
    /// nanoseconds are kept.
    #[must_use]
    pub fn civil(&self) -> civil::Time {
        time_of(self.as_str())
    }

    /// The offset from UTC that is written.
    #[must_use]
    pub fn offset(&self) -> Offset {
        offset_of(self.as_str())
    }
}

impl Duration {
    /// The duration.
    ///
    /// # Errors
    ///
    /// That it is longer than the longest that jiff has, of some twenty thousand years.
    pub fn span(&self) -> Result<Span, jiff::Error> {
        self.as_str().parse()
    }
}

impl TryFrom<Duration> for Span {
    type Error = jiff::Error;

    fn try_from(value: Duration) -> Result<Self, jiff::Error> {
        value.span()
    }
}

/// JSON Schema's durations are not below zero, and of whole seconds. Weeks beside others
/// are written as days.
impl TryFrom<Span> for Duration {
    type Error = Invalid;

    fn try_from(value: Span) -> Result<Self, Invalid> {
        let is_fraction = value.get_milliseconds() != 0
            || value.get_microseconds() != 0
            || value.get_nanoseconds() != 0;
        if is_fraction || value.is_negative() {
            return value.to_string().parse();
        }
        let (weeks, days) = (i64::from(value.get_weeks()), i64::from(value.get_days()));
        let date = [
            (i64::from(value.get_years()), 'Y'),
            (i64::from(value.get_months()), 'M'),
            (weeks * 7 + days, 'D'),
        ];
        let time = [
            (i64::from(value.get_hours()), 'H'),
            (value.get_minutes(), 'M'),
            (value.get_seconds(), 'S'),
        ];
        match (run(&date), run(&time)) {
            (date, time) if date.is_empty() && time.is_empty() => "PT0S".parse(),
            (date, time) if time.is_empty() => format!("P{date}").parse(),
            (date, time) => format!("P{date}T{time}").parse(),
        }
    }
}

/// Numbers with their units, from the first that is not zero to the last.
fn run(parts: &[(i64, char)]) -> String {
    let is_there = |part: &(i64, char)| part.0 != 0;
    let Some(first) = parts.iter().position(is_there) else {
        return String::new();
    };
    let last = parts.iter().rposition(is_there).unwrap_or(first);
    let written = parts[first..=last].iter();
    written
        .map(|(number, unit)| format!("{number}{unit}"))
        .collect()
}

/// The date that a text starts with.
#[expect(clippy::expect_used, reason = "the format says that it is a date")]
fn date_of(text: &str) -> civil::Date {
    text[..10].parse().expect("a date")
}

/// The time that a text starts with.
#[expect(clippy::expect_used, reason = "the format says that it is a time")]
fn time_of(text: &str) -> civil::Time {
    let part = |at: usize| text[at..at + 2].parse::<i8>().expect("two digits");
    let digits = text[8..].strip_prefix('.').unwrap_or_default();
    let digits = digits.chars().take_while(char::is_ascii_digit);
    let nanoseconds: String = digits.chain(std::iter::repeat('0')).take(9).collect();
    let nanoseconds = nanoseconds.parse().expect("nine digits");
    civil::Time::new(part(0), part(3), part(6).min(59), nanoseconds).expect("a time")
}

/// The offset that a text ends with.
#[expect(clippy::expect_used, reason = "the format says that it is an offset")]
fn offset_of(text: &str) -> Offset {
    if text.ends_with(['Z', 'z']) {
        return Offset::UTC;
    }
    let text = &text[text.len() - 6..];
    let part = |at: usize| text[at..at + 2].parse::<i32>().expect("two digits");
    let seconds = (part(1) * 60 + part(4)) * 60;
    let signed = if text.starts_with('-') {
        -seconds
    } else {
        seconds
    };
    Offset::from_seconds(signed).expect("less than a day")
}
