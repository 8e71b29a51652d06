//! The state of a task, and what came of one.

use std::fmt;

/// The state of a task.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum TaskStatus {
    /// It waits for its turn; only now can it be cancelled.
    Pending,
    /// It is being carried out.
    Running,
    /// It is held up, and may go on.
    Suspended,
    /// It came to an end, with at least one picture.
    Succeeded,
    /// It came to an end, with none.
    Failed,
    /// It was cancelled.
    Canceled,
    /// There is no such task, or no more: an API forgets one after 24 hours or so.
    Unknown,
    /// What no document has: the API's own word for it.
    Other(String),
}

/// The states that have a name of their own; of several words for one, ours is the first.
/// Gateways write them as they like, in letters of either case.
const STATUSES: [(TaskStatus, &str); 7] = [
    (
        TaskStatus::Pending,
        "PENDING|QUEUED|IN_QUEUE|SUBMITTED|CREATED|WAITING|NOT_START",
    ),
    (
        TaskStatus::Running,
        "RUNNING|PROCESSING|IN_PROGRESS|GENERATING",
    ),
    (TaskStatus::Suspended, "SUSPENDED"),
    (
        TaskStatus::Succeeded,
        "SUCCEEDED|SUCCEED|SUCCESS|COMPLETED|COMPLETE|FINISHED|DONE",
    ),
    (TaskStatus::Failed, "FAILED|FAILURE|ERROR"),
    (TaskStatus::Canceled, "CANCELED|CANCELLED"),
    (TaskStatus::Unknown, "UNKNOWN|NOT_FOUND"),
];

impl TaskStatus {
    /// The state that the API's word stands for.
    #[must_use]
    pub fn new(word: &str) -> Self {
        let is_word = |known: &str| known.eq_ignore_ascii_case(word);
        let mut all = STATUSES.into_iter();
        let known = all.find(|(_, words)| words.split('|').any(is_word));
        known.map_or_else(|| Self::Other(word.to_owned()), |(status, _)| status)
    }

    /// The API's word for it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        if let Self::Other(word) = self {
            return word;
        }
        let known = STATUSES.iter().find(|(status, _)| status == self);
        let word = known.and_then(|(_, words)| words.split('|').next());
        word.unwrap_or_default()
    }

    /// Whether a task in this state can still change.
    #[must_use]
    pub fn is_final(&self) -> bool {
        match self {
            Self::Succeeded | Self::Failed | Self::Canceled | Self::Unknown => true,
            Self::Pending | Self::Running | Self::Suspended | Self::Other(_) => false,
        }
    }
}

impl fmt::Display for TaskStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What came of a task that is over.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// Every picture was made.
    Succeeded,
    /// Some of the pictures were made; [`Task::failures`](crate::Task::failures) says what became of the
    /// others.
    Partial,
    /// None was made; [`Task::failures`](crate::Task::failures) says why.
    Failed,
    /// It was cancelled before it began.
    Canceled,
    /// The API knows no such task, or no more: after 24 hours it forgets it.
    Unknown,
}
