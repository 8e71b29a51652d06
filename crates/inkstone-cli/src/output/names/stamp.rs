//! The time of a request, and the name of its files.

use std::time::{Duration, SystemTime};

use crate::output::names::name_template::NameTemplate;
use crate::output::names::safe_stem::safe_part;

/// When a request was made, and the name that its files share.
pub struct Stamp {
    /// In UTC, as in `2026-11-21T08:30:00Z`.
    pub time: String,
    /// As in `20261121-083000-wan2.7-image-pro`.
    pub stem: String,
    /// The name that its pictures are to have, where one was given.
    pub template: Option<NameTemplate>,
}

impl Stamp {
    /// The stamp of a request to `model`. It contains nothing from the network.
    pub fn new(time: SystemTime, model: &str) -> Self {
        let time = humantime::format_rfc3339_seconds(between(time)).to_string();
        let compact = |c: char| match c {
            'T' => Some('-'),
            c if c.is_ascii_digit() => Some(c),
            _ => None,
        };
        let moment: String = time.chars().filter_map(compact).collect();
        Self {
            stem: format!("{moment}-{}", safe_part(model)),
            time,
            template: None,
        }
    }
}

/// A time that can be written: a clock may be set to any.
fn between(time: SystemTime) -> SystemTime {
    /// The last second of the year 9999.
    const LAST: Duration = Duration::from_secs(253_402_300_799);
    let since = time.duration_since(SystemTime::UNIX_EPOCH);
    SystemTime::UNIX_EPOCH + since.unwrap_or_default().min(LAST)
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::Stamp;

    #[test]
    fn a_clock_may_show_any_time() {
        let cases = [
            (
                SystemTime::UNIX_EPOCH - Duration::from_secs(1),
                "1970-01-01T00:00:00Z",
            ),
            (
                SystemTime::UNIX_EPOCH + Duration::from_secs(1 << 40),
                "9999-12-31T23:59:59Z",
            ),
        ];
        for (time, expected) in cases {
            assert_eq!(Stamp::new(time, "m").time, expected);
        }
    }

    #[test]
    fn a_stem_is_safe_for_a_file() {
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_163_400);
        let cases = [
            ("wan2.7-image-pro", "20261120-083000-wan2.7-image-pro"),
            ("../a b\\c:\n", "20261120-083000-..-a-b-c--"),
        ];
        for (model, stem) in cases {
            let stamp = Stamp::new(time, model);
            assert_eq!(
                (stamp.time.as_str(), stamp.stem.as_str()),
                ("2026-11-20T08:30:00Z", stem)
            );
        }
    }
}
