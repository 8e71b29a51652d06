//! How far a call got before it failed.

/// How far a call got before it failed.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stage {
    /// The client is set up wrong: no key, an address that is not valid, plain http to
    /// another machine. Nothing was sent.
    Configuration,
    /// The request breaks rules of its document. Nothing was sent.
    Invalid,
    /// Nothing of the request left this machine: there was no address, no connection or
    /// no TLS, or the deadline passed before.
    NotSent,
    /// The API refused the request: sending it again would not help, except where it could
    /// not fetch an input; see [`Error::is_retryable`](crate::Error::is_retryable).
    Refused,
    /// The API refused the key or the account: unknown, not allowed, out of credit.
    Account,
    /// The API had too much to do, and did not take the request.
    Throttled,
    /// The request was sent, and nobody knows what became of it: no reply came, or one
    /// that reports a failure on the API's side. It may have been billed.
    OutcomeUnknown,
    /// A reply that reports success came, and cannot be read. It was likely billed;
    /// [`Error::body`](apifox_client::Error::body) has what came.
    Unreadable,
    /// A task had not come to an end when the deadline passed. It goes on, and
    /// [`Error::task_id`](crate::Error::task_id) has its id.
    Unfinished,
    /// A picture could not be fetched or decoded; its source is still there.
    Download,
    /// A picture is not on its server any more: its URL was valid for 24 hours.
    Expired,
    /// A picture could not be written to disk; its source is still there.
    File,
}

impl From<apifox_client::Stage> for Stage {
    fn from(stage: apifox_client::Stage) -> Self {
        use apifox_client::Stage as Call;
        match stage {
            Call::Configuration => Self::Configuration,
            Call::Invalid => Self::Invalid,
            Call::NotSent => Self::NotSent,
            Call::Refused => Self::Refused,
            Call::Account => Self::Account,
            Call::Throttled => Self::Throttled,
            Call::Unreadable => Self::Unreadable,
            // Of a stage that is not known here nobody can say that nothing was done.
            _ => Self::OutcomeUnknown,
        }
    }
}

impl Stage {
    /// The stage of the call itself: a picture or a task that is not here is what a reply
    /// that reports success did not bring.
    pub(crate) fn of_call(self) -> apifox_client::Stage {
        use apifox_client::Stage as Call;
        match self {
            Self::Configuration => Call::Configuration,
            Self::Invalid => Call::Invalid,
            Self::NotSent => Call::NotSent,
            Self::Refused => Call::Refused,
            Self::Account => Call::Account,
            Self::Throttled => Call::Throttled,
            Self::OutcomeUnknown => Call::OutcomeUnknown,
            Self::Unreadable | Self::Unfinished | Self::Download | Self::Expired | Self::File => {
                Call::Unreadable
            }
        }
    }
}
