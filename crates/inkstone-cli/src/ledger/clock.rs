//! Times as the ledger has them.

use std::time::{Duration, SystemTime};

/// Now, in seconds since 1970.
pub fn now() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    seconds(since.unwrap_or_default())
}

/// A duration in whole seconds, as the ledger has it.
pub fn seconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_secs()).unwrap_or(i64::MAX)
}
