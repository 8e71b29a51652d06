//! Dates and times of RFC 3339.

/// A time of the day in UTC, in minutes, that a leap second follows.
const LAST_MINUTE: i32 = 24 * 60 - 1;

/// Whether a text is a `date-time`.
pub(super) fn is_date_time(text: &str) -> bool {
    text.split_once(['T', 't'])
        .is_some_and(|(date, time)| is_date(date) && is_time(time))
}

/// Whether a text is a `full-date`.
pub(super) fn is_date(text: &str) -> bool {
    let mut parts = text.split('-');
    let mut next = |length| number(parts.next()?, length);
    let (Some(year), Some(month), Some(day)) = (next(4), next(2), next(2)) else {
        return false;
    };
    parts.next().is_none() && (1..=days(year, month)).contains(&day)
}

/// Whether a text is a `full-time`.
pub(super) fn is_time(text: &str) -> bool {
    let Some(at) = text.find(['Z', 'z', '+', '-']) else {
        return false;
    };
    let (time, offset) = text.split_at(at);
    let (whole, is_fraction) = match time.split_once('.') {
        Some((whole, fraction)) => (whole, number_of_any_length(fraction)),
        None => (time, true),
    };
    let mut parts = whole.split(':');
    let mut next = || number(parts.next()?, 2);
    let (Some(hour), Some(minute), Some(second)) = (next(), next(), next()) else {
        return false;
    };
    let Some(offset) = minutes_of(offset) else {
        return false;
    };
    let is_leap_second =
        || second == 60 && (hour * 60 + minute - offset).rem_euclid(24 * 60) == LAST_MINUTE;
    parts.next().is_none()
        && is_fraction
        && hour < 24
        && minute < 60
        && (second < 60 || is_leap_second())
}

/// A `time-offset` in minutes.
fn minutes_of(offset: &str) -> Option<i32> {
    let (sign, offset) = match offset.split_at_checked(1)? {
        ("Z" | "z", rest) => return rest.is_empty().then_some(0),
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let (hours, minutes) = offset.split_once(':')?;
    let (hours, minutes) = (number(hours, 2)?, number(minutes, 2)?);
    (hours < 24 && minutes < 60).then_some(sign * (hours * 60 + minutes))
}

/// How many days a month has; none where there is no such month.
fn days(year: i32, month: i32) -> i32 {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if is_leap => 29,
        2 => 28,
        _ => 0,
    }
}

fn number_of_any_length(digits: &str) -> bool {
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// The number that so many digits make.
fn number(digits: &str, length: usize) -> Option<i32> {
    let is_number = digits.len() == length && number_of_any_length(digits);
    is_number.then(|| digits.parse().ok()).flatten()
}
