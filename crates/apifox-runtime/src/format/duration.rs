//! Durations, as appendix A of RFC 3339 collects them from ISO 8601.

/// Whether a text is a `duration`.
pub(super) fn is_duration(text: &str) -> bool {
    let Some(text) = text.strip_prefix('P') else {
        return false;
    };
    if let Some(weeks) = text.strip_suffix('W') {
        return !weeks.is_empty() && weeks.bytes().all(|byte| byte.is_ascii_digit());
    }
    let (date, time) = match text.split_once('T') {
        Some((date, time)) => (date, Some(time)),
        None => (text, None),
    };
    let is_date = is_run(date, "YMD");
    match time {
        None => is_date,
        Some(time) => (is_date || date.is_empty()) && is_run(time, "HMS"),
    }
}

/// Whether a text is numbers with units that follow each other, as in `1Y2M`: none may be
/// left out between two that are there.
fn is_run(text: &str, units: &str) -> bool {
    let numbers = text.split_inclusive(|c: char| !c.is_ascii_digit());
    let found = numbers.map(|part| {
        let unit = part.trim_start_matches(|c: char| c.is_ascii_digit());
        (unit.len() < part.len()).then_some(unit)
    });
    let found: Option<String> = found.collect();
    found.is_some_and(|found| {
        !found.is_empty() && units.contains(&found) && text.ends_with(&found[found.len() - 1..])
    })
}
