//! Why a batch stops before all jobs were sent.

use serde::Serialize;
use tr::tr;

use crate::error::Code;

/// After so many failed jobs in a row no more are sent: the fault is probably not in a
/// single request, and each may cost money.
pub const MOST_FAILURES: usize = 10;

/// Why jobs were left that could have been sent, by the name that the summary has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum StopReason {
    Interrupted,
    Budget,
    Account,
    /// Pictures can't be written.
    Disk,
    /// What is sent, or became of it, can't be noted; and why.
    Journal(#[serde(skip)] String),
    /// So many jobs failed in a row, with this code or a lesser one.
    Failures(#[serde(skip)] Code),
    /// The directory of the batch is gone, or its journal.
    Removed,
}

impl StopReason {
    /// The exit code where nothing worse happened than this.
    pub fn code(&self) -> Code {
        match self {
            Self::Interrupted => Code::Interrupted,
            Self::Budget => Code::Budget,
            Self::Account => Code::Account,
            Self::Disk | Self::Journal(_) | Self::Removed => Code::Unsaved,
            Self::Failures(code) => *code,
        }
    }

    /// Why it stopped, as in "stopped because …".
    pub fn text(&self) -> String {
        match self {
            Self::Interrupted => tr!("it was interrupted"),
            Self::Budget => tr!("the next request could exceed the budget"),
            Self::Account => tr!("the API refuses the key or the account"),
            Self::Disk => tr!("the disk takes no more"),
            Self::Journal(why) => why.clone(),
            Self::Removed => tr!("the directory of the batch was removed, or its journal"),
            Self::Failures(_) => tr!("{most} jobs failed in a row", most = MOST_FAILURES),
        }
    }
}
