//! How far is a job?

/// The states of a job. [`State::name`] is what the journal, the summary and the
/// contact sheet call them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Nothing was sent yet.
    Queued,
    /// The request is on its way; in the journal of a process that is gone, what
    /// became of it can't be told.
    Submitting,
    /// A task does it, whose id is in the journal: it goes on by itself.
    Waiting,
    /// The reply is here and paid for, but not every picture is on disk.
    Replied,
    /// Every picture is on disk.
    Done,
    /// The API refused the request, and would again.
    Refused,
    /// The API did not take the request: it can be sent again.
    Unsent,
    /// What became of the request can't be told; it may have been billed.
    Unknown,
}

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
