//! How long a call may take in all, whatever it is waiting for.

use std::fmt;
use std::time::Duration;

use tokio::time::{Instant, sleep_until, timeout_at};

/// The moment by which a call has to be over; or none.
#[derive(Clone, Copy, Debug)]
pub struct Deadline(Option<(Instant, Duration)>);

/// A deadline has passed. Its `Display` says how long it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeadlinePassed(Duration);

impl Deadline {
    /// The deadline of a call that starts now and may take so long.
    #[must_use]
    pub fn after(limit: Option<Duration>) -> Self {
        // A limit beyond the end of time is none.
        Self(limit.and_then(|limit| Some((Instant::now().checked_add(limit)?, limit))))
    }

    /// The output of `future`, which is dropped when the deadline passes before.
    ///
    /// # Errors
    ///
    /// When the deadline passed.
    pub async fn run<T>(&self, future: impl Future<Output = T>) -> Result<T, DeadlinePassed> {
        match self.0 {
            None => Ok(future.await),
            Some((at, limit)) => timeout_at(at, future)
                .await
                .map_err(|_| DeadlinePassed(limit)),
        }
    }

    /// Whether it has passed by now. Unlike [`passed`](Self::passed), this can be told to a task
    /// that never waits.
    pub(crate) fn passed_by_now(&self) -> Option<DeadlinePassed> {
        let (at, limit) = self.0?;
        (Instant::now() >= at).then_some(DeadlinePassed(limit))
    }

    /// Waits until it has passed: forever where there is none.
    pub(crate) async fn passed(self) -> DeadlinePassed {
        match self.0 {
            None => std::future::pending().await,
            Some((at, limit)) => {
                sleep_until(at).await;
                DeadlinePassed(limit)
            }
        }
    }

    /// Whether something can still be done after a pause this long.
    #[must_use]
    pub fn allows(&self, pause: Duration) -> bool {
        self.0
            .is_none_or(|(at, _)| at.saturating_duration_since(Instant::now()) > pause)
    }
}

impl fmt::Display for DeadlinePassed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the deadline of {:?} passed", self.0)
    }
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};
    use std::time::Duration;

    use super::Deadline;

    #[tokio::test(start_paused = true)]
    async fn what_is_done_in_time_counts_and_what_is_not_is_dropped() {
        let second = Duration::from_secs(1);
        let deadline = Deadline::after(Some(second));
        assert!(deadline.allows(second / 2));
        assert!(!deadline.allows(second));
        assert_eq!(deadline.passed_by_now(), None);
        let passed = deadline.run(pending::<()>()).await.expect_err("in vain");
        assert_eq!(passed.to_string(), "the deadline of 1s passed");
        assert_eq!(deadline.passed_by_now(), Some(passed));
        // What is there already is not thrown away for being late.
        assert_eq!(deadline.run(ready(7)).await, Ok(7));
        assert!(!deadline.allows(Duration::ZERO));
    }

    #[tokio::test(start_paused = true)]
    async fn none_and_endless_are_the_same() {
        for limit in [None, Some(Duration::MAX)] {
            let deadline = Deadline::after(limit);
            assert!(deadline.allows(Duration::from_secs(u64::MAX)));
            assert_eq!(deadline.passed_by_now(), None);
            assert_eq!(deadline.run(ready(7)).await, Ok(7));
        }
    }
}
