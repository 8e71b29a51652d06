//! What an error code means for a caller.

use apifox_client::Stage;

/// A code, and what a reply with it means. A code that ends with `*` stands for all that
/// start so.
pub(crate) struct Row(pub &'static str, pub Meaning);

/// What an error code means for a caller.
#[derive(Clone, Copy)]
pub(crate) enum Meaning {
    /// The same request would be refused again.
    Refused,
    /// Refused because an input could not be fetched: once more may help.
    Unfetched,
    /// The key or the account is at fault.
    Account,
    /// As `Account`, unless the message says that the model is not called in that way.
    Access,
    /// Not taken, for now.
    Throttled,
    /// Not taken, for now or for good: `Retry-After` and the message tell, and this stage
    /// stands where they don't.
    Quota(Stage),
    /// It failed on the API's side: the picture may have been made.
    Unknown,
    /// As `Unknown`, unless the message says that a parameter was wrong.
    Wrapped,
}
