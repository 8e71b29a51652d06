//! The states of a job.

use serde::{Deserialize, Serialize};
use tr::tr;

use crate::database::by_name;

/// The state of a job. [`State::name`] is its name in the journal, the summary and the
/// contact sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Nothing was sent yet.
    Queued,
    /// The request is being sent. If the process ended meanwhile, the outcome is unknown.
    Submitting,
    /// Its task is running; the id is in the journal.
    Waiting,
    /// The reply is here and paid for, but not every picture is on disk.
    Replied,
    /// Every picture is on disk.
    Done,
    /// The API refused the request, and would refuse it again.
    Refused,
    /// The API did not accept the request; it can be sent again.
    Unsent,
    /// The outcome is unknown; the request may have been billed.
    #[serde(other)]
    Unknown,
}

by_name!(State, Some(State::Unknown));

impl State {
    pub const ALL: [Self; 8] = [
        Self::Queued,
        Self::Submitting,
        Self::Waiting,
        Self::Replied,
        Self::Done,
        Self::Refused,
        Self::Unsent,
        Self::Unknown,
    ];

    /// Its name in messages to people.
    pub fn shown(self) -> String {
        match self {
            Self::Queued => tr!("queued"),
            Self::Submitting => tr!("submitting"),
            Self::Waiting => tr!("waiting"),
            Self::Replied => tr!("replied"),
            Self::Done => tr!("done"),
            Self::Refused => tr!("refused"),
            Self::Unsent => tr!("unsent"),
            Self::Unknown => tr!("unknown"),
        }
    }

    /// The state with this name.
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Submitting => "submitting",
            Self::Waiting => "waiting",
            Self::Replied => "replied",
            Self::Done => "done",
            Self::Refused => "refused",
            Self::Unsent => "unsent",
            Self::Unknown => "unknown",
        }
    }
}
