//! Why a batch stops before all jobs were sent.

use serde::Serialize;
use tr::tr;

/// After so many failed jobs in a row no more are sent: the fault is probably not in a
/// single request, and each may cost money.
pub const MOST_FAILURES: usize = 10;

/// Why jobs were left that could have been sent, by the name that the summary has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum StopReason {
    Interrupted,
    Budget,
    Account,
    Disk,
    Failures,
    /// The directory of the batch is gone.
    Removed,
}

impl StopReason {
    /// Why it stopped, as in "stopped because …".
    pub fn text(self) -> String {
        match self {
            Self::Interrupted => tr!("it was interrupted"),
            Self::Budget => tr!("the next request could exceed the budget"),
            Self::Account => tr!("the API refuses the key or the account"),
            Self::Disk => tr!("the disk takes no more"),
            Self::Removed => tr!("the directory of the batch was removed"),
            Self::Failures => tr!("{most} jobs failed in a row", most = MOST_FAILURES),
        }
    }
}
