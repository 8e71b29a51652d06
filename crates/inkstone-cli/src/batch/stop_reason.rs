//! Why a batch stops before all jobs were sent.

/// After so many failed jobs in a row no more are sent: the fault is probably not in a
/// single request, and each may cost money.
pub const MOST_FAILURES: usize = 10;

/// Why jobs were left that could have been sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
    /// Its name in the summary.
    pub fn name(self) -> &'static str {
        match self {
            Self::Interrupted => "interrupted",
            Self::Budget => "budget",
            Self::Account => "account",
            Self::Disk => "disk",
            Self::Failures => "failures",
            Self::Removed => "removed",
        }
    }

    /// Why it stopped, as in "stopped because …".
    pub fn text(self) -> String {
        match self {
            Self::Interrupted => "it was interrupted".to_owned(),
            Self::Budget => "the next request could exceed the budget".to_owned(),
            Self::Account => "the API refuses the key or the account".to_owned(),
            Self::Disk => "the disk takes no more".to_owned(),
            Self::Removed => "the directory of the batch was removed".to_owned(),
            Self::Failures => format!("{MOST_FAILURES} jobs failed in a row"),
        }
    }
}
