//! Has requests wait until they are within the limits that the vendors publish.

use apifox_client::Limit;

use crate::dashscope::limits;

/// Has requests wait until they are within the limits of their API, host, account
/// and model, in the order in which they came.
///
/// Clones share their counts: give the same limiter to all clients that use the same
/// accounts.
#[derive(Clone, Debug)]
pub struct Limiter(pub(crate) apifox_client::Limiter);

impl Limiter {
    /// The limits that the vendors publish.
    #[must_use]
    pub fn published() -> Self {
        Self(limits::published())
    }

    /// A new limiter, with another limit for some models of an API: one by its name,
    /// or those whose names start with what is before a `*`. The most specific
    /// limit for a model is the one that counts.
    #[must_use]
    pub fn with(&self, api: &str, models: &str, limit: Limit) -> Self {
        Self(self.0.with(api, models, limit))
    }
}

impl Default for Limiter {
    fn default() -> Self {
        Self::published()
    }
}
