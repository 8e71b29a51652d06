//! How pictures are fetched: limits, timeouts, retries and checks.

use std::time::Duration;

use apifox_client::Retries;

/// A limit that is longer than any program runs, and still can be added to any
/// point in time.
const FOREVER: Duration = Duration::from_secs(100 * 365 * 24 * 60 * 60);

/// The longest pause before an attempt, unless the server asks for more.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// How much of a picture is looked at before it counts as one.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Verify {
    /// Its structure: it has to begin as a known format does, say how wide and how
    /// high it is, and go on to where its format ends. What is between is not decoded.
    #[default]
    Structure,
    /// All of it, to the last pixel.
    #[cfg(feature = "decode")]
    Decode,
}

/// How pictures are fetched.
#[derive(Clone, Debug)]
pub struct Downloads {
    pub(crate) max_bytes: u64,
    pub(crate) max_pixels: u64,
    /// A server's `Retry-After` is waited for as long as the deadline allows.
    pub(crate) retries: Retries,
    pub(crate) read_timeout: Duration,
    pub(crate) deadline: Duration,
    pub(crate) verify: Verify,
}

impl Default for Downloads {
    fn default() -> Self {
        Self {
            max_bytes: 256 << 20,
            max_pixels: 100_000_000,
            retries: Retries::new(5)
                .backoff(Duration::from_millis(500), LONGEST_PAUSE)
                .patience(FOREVER),
            read_timeout: Duration::from_secs(30),
            deadline: Duration::from_secs(600),
            verify: Verify::Structure,
        }
    }
}

impl Downloads {
    /// The defaults.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The most bytes of a picture: 256 MiB by default.
    #[must_use]
    pub fn max_bytes(mut self, limit: u64) -> Self {
        self.max_bytes = limit;
        self
    }

    /// The most pixels of a picture: 100 million by default, six times
    /// what the APIs draw.
    #[must_use]
    pub fn max_pixels(mut self, limit: u64) -> Self {
        self.max_pixels = limit;
        self
    }

    /// How often a download that failed in passing is taken up again: 4 times
    /// by default. It goes on where it broke off if the server can.
    #[must_use]
    pub fn retries(mut self, retries: u32) -> Self {
        self.retries = self.retries.attempts(retries.saturating_add(1));
        self
    }

    /// How long to wait at most before the first retry: half a second by default. It doubles
    /// with each retry, up to 10 seconds; the pause is a random part of it. A server's
    /// `Retry-After` comes on top.
    #[must_use]
    pub fn backoff(mut self, first: Duration) -> Self {
        self.retries = self.retries.backoff(first, LONGEST_PAUSE);
        self
    }

    /// How long to wait for the next bytes: 30 seconds by default.
    #[must_use]
    pub fn read_timeout(mut self, limit: Duration) -> Self {
        self.read_timeout = limit.min(FOREVER);
        self
    }

    /// How long a picture may take with all its retries: 10 minutes by default.
    #[must_use]
    pub fn deadline(mut self, limit: Duration) -> Self {
        self.deadline = limit;
        self
    }

    /// How much of a picture is looked at: its structure by default.
    #[must_use]
    pub fn verify(mut self, verify: Verify) -> Self {
        self.verify = verify;
        self
    }
}
