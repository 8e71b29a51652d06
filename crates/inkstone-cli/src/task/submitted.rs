//! When tasks were submitted, as far as the API says.

use std::collections::HashMap;
use std::time::{Duration, SystemTime};

use serde_json::Value;

/// How far the API's clock is ahead of UTC.
const ZONE: Duration = Duration::from_secs(8 * 60 * 60);

/// The members of a listed task that may say when it was submitted.
const SUBMITTED: [&str; 4] = ["submit_time", "gmt_create", "create_time", "start_time"];

/// When the tasks of a list were submitted, by their ids.
pub fn in_list(answer: &Value) -> HashMap<String, SystemTime> {
    let mut times = HashMap::new();
    for task in answer["data"].as_array().into_iter().flatten() {
        let submitted = SUBMITTED.iter().find_map(|name| moment(&task[*name]));
        if let (Some(id), Some(submitted)) = (task["task_id"].as_str(), submitted) {
            times.insert(id.to_owned(), submitted);
        }
    }
    times
}

/// When a task was submitted, by the answer to a question about it.
pub fn in_answer(answer: &Value) -> Option<SystemTime> {
    moment(&answer["output"]["submit_time"])
}

/// A time as the API's filters have it, as in `20261121093000`.
pub fn filter(time: SystemTime) -> String {
    let time = time.checked_add(ZONE).unwrap_or(time);
    let text = humantime::format_rfc3339_seconds(time).to_string();
    text.chars().filter(char::is_ascii_digit).collect()
}

/// A moment as the API writes it: in milliseconds since 1970, or as a date in its own zone.
fn moment(value: &Value) -> Option<SystemTime> {
    let milliseconds = value.as_u64().or_else(|| value.as_str()?.parse().ok());
    match milliseconds {
        Some(milliseconds) => {
            SystemTime::UNIX_EPOCH.checked_add(Duration::from_millis(milliseconds))
        }
        None => humantime::parse_rfc3339_weak(value.as_str()?)
            .ok()?
            .checked_sub(ZONE),
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use serde_json::json;

    use super::{filter, moment};

    #[test]
    fn a_moment_is_read_and_written_as_the_api_does() {
        let at = SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_163_400);
        for value in [
            json!(1_795_163_400_000_u64),
            json!("1795163400000"),
            json!("2026-11-20 16:30:00.000"),
        ] {
            assert_eq!(moment(&value), Some(at), "{value}");
        }
        assert_eq!(moment(&json!("soon")), None);
        assert_eq!(moment(&json!(null)), None);
        assert_eq!(filter(at), "20261120163000");
    }
}
