//! Keeps a client below the limits of an API, by waiting before it sends.

use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasher as _, RandomState};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep};

use crate::limits::{QUERIES, SUBMISSIONS};
use crate::table;

/// How much of something an account may ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    count: u32,
    period: Duration,
    concurrent: Option<u32>,
}

impl Limit {
    /// `count` requests in any `period`; at least one.
    #[must_use]
    pub const fn new(count: u32, period: Duration) -> Self {
        Self {
            count,
            period,
            concurrent: None,
        }
    }

    /// And no more than `most` of them at a time; at least one.
    #[must_use]
    pub const fn concurrent(mut self, most: u32) -> Self {
        self.concurrent = Some(most);
        self
    }
}

/// Has requests wait until they are within the limits of their API, host, account
/// and model, in the order in which they came.
///
/// Each limit is a bucket of tokens, and a token comes back one period after it was
/// taken, so that no period of any start sees more requests than the limit says.
/// Clones share their buckets: give the same limiter to all clients that use the
/// same accounts.
#[derive(Clone)]
pub struct Limiter(Arc<Shared>);

struct Shared {
    /// Rows that a user added come first, and so count.
    rows: Vec<Row>,
    /// Accounts are told apart by hashes of their keys, which mean nothing elsewhere.
    hasher: RandomState,
    buckets: Mutex<HashMap<Subject, Arc<Bucket>>>,
}

#[derive(Clone)]
struct Row {
    api: String,
    models: String,
    limit: Limit,
}

/// Whose bucket it is. Questions about tasks share one, which is of no model.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Subject {
    host: String,
    account: u64,
    api: String,
    model: Option<String>,
}

/// What a request is about, for the limiter.
#[derive(Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub host: &'a str,
    pub key: &'a str,
    pub api: &'a str,
    pub what: What<'a>,
}

/// What a request asks for.
#[derive(Clone, Copy)]
pub(crate) enum What<'a> {
    Model(Option<&'a str>),
    Task,
}

/// The place of a request among those that may be under way at a time, until it
/// is dropped.
#[derive(Debug, Default)]
pub(crate) struct Permit {
    _place: Option<OwnedSemaphorePermit>,
}

impl Limiter {
    /// The limits that the vendors publish.
    #[must_use]
    pub fn published() -> Self {
        let rows = SUBMISSIONS.iter().map(|row| Row {
            api: row.api.into(),
            models: row.models.into(),
            limit: row.limit,
        });
        Self::of(rows.collect())
    }

    /// A new limiter, with another limit for some models of an API: one by its name,
    /// or those whose names start with what is before a `*`. The most specific
    /// limit for a model is the one that counts.
    #[must_use]
    pub fn with(&self, api: &str, models: &str, limit: Limit) -> Self {
        let added = Row {
            api: api.into(),
            models: models.into(),
            limit,
        };
        Self::of(
            [added]
                .into_iter()
                .chain(self.0.rows.iter().cloned())
                .collect(),
        )
    }

    fn of(rows: Vec<Row>) -> Self {
        Self(Arc::new(Shared {
            rows,
            hasher: RandomState::new(),
            buckets: Mutex::default(),
        }))
    }

    /// Waits until this may be sent.
    pub(crate) async fn admit(&self, asked: Asked<'_>) -> Permit {
        match self.bucket(asked) {
            Some(bucket) => bucket.take().await,
            None => Permit::default(),
        }
    }

    fn bucket(&self, asked: Asked<'_>) -> Option<Arc<Bucket>> {
        let limit = self.limit(asked)?;
        let model = match asked.what {
            What::Model(model) => model.map(str::to_owned),
            What::Task => None,
        };
        let subject = Subject {
            host: asked.host.to_owned(),
            account: self.0.hasher.hash_one(asked.key),
            api: asked.api.to_owned(),
            model,
        };
        // Nothing panics while it holds the lock.
        let mut buckets = self
            .0
            .buckets
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let bucket = buckets.entry(subject);
        Some(
            bucket
                .or_insert_with(|| Arc::new(Bucket::new(limit)))
                .clone(),
        )
    }

    fn limit(&self, asked: Asked<'_>) -> Option<Limit> {
        let What::Model(model) = asked.what else {
            return (asked.api == QUERIES.api).then_some(QUERIES.limit);
        };
        let rows: Vec<_> = self
            .0
            .rows
            .iter()
            .filter(|row| row.api == asked.api)
            .collect();
        table::find(&rows, |row| &row.models, model?).map(|row| row.limit)
    }
}

impl Default for Limiter {
    fn default() -> Self {
        Self::published()
    }
}

impl std::fmt::Debug for Limiter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Limiter").finish_non_exhaustive()
    }
}

struct Bucket {
    limit: Limit,
    places: Option<Arc<Semaphore>>,
    /// When each of the tokens that are out was taken, the oldest first.
    taken: tokio::sync::Mutex<VecDeque<Instant>>,
}

impl Bucket {
    fn new(limit: Limit) -> Self {
        let places = |most: u32| (most.max(1) as usize).min(Semaphore::MAX_PERMITS);
        let places = limit.concurrent.map(|most| Semaphore::new(places(most)));
        Self {
            limit,
            places: places.map(Arc::new),
            taken: tokio::sync::Mutex::default(),
        }
    }

    /// Both locks serve who came first. Who gives up waiting takes nothing along.
    async fn take(&self) -> Permit {
        let place = match &self.places {
            // Nobody closes it, so there is a place some time.
            Some(places) => places.clone().acquire_owned().await.ok(),
            None => None,
        };
        let mut taken = self.taken.lock().await;
        if taken.len() >= self.limit.count.max(1) as usize
            && let Some(first) = taken.front()
        {
            sleep(self.limit.period.saturating_sub(first.elapsed())).await;
            taken.pop_front();
        }
        taken.push_back(Instant::now());
        Permit { _place: place }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::{Instant, timeout};

    use super::{Asked, Limit, Limiter, What};

    const SECOND: Duration = Duration::from_secs(1);

    fn asked(model: &str) -> Asked<'_> {
        Asked {
            host: "h",
            key: "k",
            api: "dashscope",
            what: What::Model(Some(model)),
        }
    }

    /// When each of `count` requests in a row is admitted, in seconds.
    async fn admitted(limiter: &Limiter, asked: Asked<'_>, count: usize) -> Vec<u64> {
        let start = Instant::now();
        let mut times = Vec::new();
        for _ in 0..count {
            drop(limiter.admit(asked).await);
            times.push(start.elapsed().as_secs());
        }
        times
    }

    #[tokio::test(start_paused = true)]
    async fn published_limits_are_kept_to() {
        let by_minute: &[u64] = &[0, 0, 60, 60, 120];
        let by_two: &[u64] = &[0, 0, 1, 1, 2];
        let by_five: &[u64] = &[0, 0, 0, 0, 0, 1];
        let cases: &[(&str, &[u64])] = &[
            ("qwen-image-2.0-pro", by_minute),
            ("qwen-image-2.0-pro-2026-06-22", by_minute),
            ("qwen-image-max", by_minute),
            ("qwen-image-max-2025-12-30", by_minute),
            ("qwen-image-edit-max", by_minute),
            ("qwen-image-2.0", by_two),
            ("qwen-image-2.0-2026-03-03", by_two),
            ("qwen-image-edit-plus-2025-12-15", by_two),
            ("qwen-image-edit", by_two),
            ("qwen-image-plus", by_two),
            ("qwen-image", by_two),
            ("wan2.7-image", by_five),
            ("wan2.7-image-pro", by_five),
            ("another", &[0, 0, 0, 0, 0, 0, 0]),
        ];
        let limiter = Limiter::published();
        for (model, expected) in cases {
            let times = admitted(&limiter, asked(model), expected.len()).await;
            assert_eq!(times, *expected, "{model}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn no_period_of_any_start_sees_more_than_the_limit() {
        let limiter = Limiter::published();
        let mut random = fastrand::Rng::with_seed(7);
        let mut times = Vec::new();
        for _ in 0..500 {
            tokio::time::sleep(SECOND.mul_f64(random.f64() * 0.6)).await;
            drop(limiter.admit(asked("wan2.7-image")).await);
            times.push(Instant::now());
        }
        for window in times.windows(6) {
            assert!(window[5] - window[0] >= SECOND);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn only_so_many_are_under_way_at_a_time() {
        let limiter = Limiter::published();
        let first = limiter.admit(asked("qwen-image-plus")).await;
        let _second = limiter.admit(asked("qwen-image-plus")).await;
        let third = timeout(100 * SECOND, limiter.admit(asked("qwen-image-plus")));
        assert!(third.await.is_err());
        drop(first);
        let third = timeout(100 * SECOND, limiter.admit(asked("qwen-image-plus")));
        assert!(third.await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn hosts_accounts_apis_and_models_have_limits_of_their_own() {
        let limiter = Limiter::published();
        let max = asked("qwen-image-max");
        let others = [
            Asked { host: "i", ..max },
            Asked { key: "l", ..max },
            asked("qwen-image-max-2025-12-30"),
            Asked {
                api: "gateway",
                ..max
            },
            max,
        ];
        for asked in others {
            assert_eq!(admitted(&limiter, asked, 2).await, [0, 0]);
        }
        let gateway = Asked {
            api: "gateway",
            ..max
        };
        assert_eq!(admitted(&limiter, gateway, 5).await, [0; 5]);
        assert_eq!(admitted(&limiter.clone(), max, 1).await, [60]);
    }

    #[tokio::test(start_paused = true)]
    async fn questions_about_tasks_share_one_limit() {
        let limiter = Limiter::published();
        let task = Asked {
            what: What::Task,
            ..asked("")
        };
        let times = admitted(&limiter, task, 41).await;
        let seconds: Vec<_> = [0, 1].iter().flat_map(|it| [*it; 20]).chain([2]).collect();
        assert_eq!(times, seconds);
    }

    #[tokio::test(start_paused = true)]
    async fn a_limit_can_be_another() {
        let limit = Limit::new(1, 10 * SECOND);
        let limiter = Limiter::published().with("dashscope", "qwen-image-max*", limit);
        assert_eq!(
            admitted(&limiter, asked("qwen-image-max"), 3).await,
            [0, 10, 20]
        );
        let endless = Limit::new(1, Duration::MAX).concurrent(u32::MAX);
        let limiter = Limiter::published().with("gateway", "m", endless);
        let gateway = Asked {
            api: "gateway",
            ..asked("m")
        };
        assert_eq!(admitted(&limiter, gateway, 1).await, [0]);
        let second = timeout(10_000 * SECOND, limiter.admit(gateway));
        assert!(second.await.is_err());
        let none = Limiter::published().with("gateway", "m", Limit::new(0, SECOND).concurrent(0));
        assert_eq!(admitted(&none, gateway, 2).await, [0, 1]);
    }

    #[tokio::test(start_paused = true)]
    async fn who_came_first_is_served_first_and_who_left_takes_nothing() {
        let limiter = Limiter::published();
        let start = Instant::now();
        let waiting = (0..6).map(|number| {
            let limiter = limiter.clone();
            tokio::spawn(async move {
                let admitted = limiter.admit(asked("qwen-image-max"));
                let patience = if number % 2 == 1 {
                    SECOND
                } else {
                    1000 * SECOND
                };
                let in_time = timeout(patience, admitted).await.is_ok();
                (number, in_time.then(|| start.elapsed().as_secs()))
            })
        });
        let waiting: Vec<_> = waiting.collect();
        let mut ends = Vec::new();
        for one in waiting {
            ends.push(one.await.expect("it ends"));
        }
        let expected = [
            (0, Some(0)),
            (1, Some(0)),
            (2, Some(60)),
            (3, None),
            (4, Some(60)),
            (5, None),
        ];
        assert_eq!(ends, expected);
    }
}
