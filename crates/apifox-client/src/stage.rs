//! How far a call got before it failed.

/// How far a call got before it failed.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Stage {
    /// The client is set up wrong: an address that is not valid, plain http to another
    /// machine, no key where one is needed. Nothing was sent.
    Configuration,
    /// The request breaks rules of its document. Nothing was sent.
    Invalid,
    /// Nothing of the request left this machine: there was no address, no connection or
    /// no TLS, or the deadline passed before.
    NotSent,
    /// The API refused the request: sending it again would not help, unless the error
    /// [is retryable](crate::Error::is_retryable).
    Refused,
    /// The API refused the key or the account: unknown, not allowed, out of credit.
    Account,
    /// The API had too much to do, and did not take the request.
    Throttled,
    /// The request was sent, and nobody knows what became of it: no reply came, or one
    /// that reports a failure on the API's side.
    #[default]
    OutcomeUnknown,
    /// A reply that reports success came, and cannot be read, or not in time; or, of
    /// [`Pages`](crate::Pages), it leads nowhere: [`body`](crate::Error::body) has what came.
    Unreadable,
}

impl Stage {
    /// What a reply stands for that says nothing but its HTTP status.
    ///
    /// 408 and 503 are no proof that the request was not taken, nor is a redirect, which
    /// is never followed.
    #[must_use]
    pub fn from_status(status: u16) -> Self {
        match status {
            401..=403 => Self::Account,
            429 => Self::Throttled,
            // 408 says that the server's time ran out, not that nothing was done.
            400..=407 | 409..=499 => Self::Refused,
            _ => Self::OutcomeUnknown,
        }
    }
}
