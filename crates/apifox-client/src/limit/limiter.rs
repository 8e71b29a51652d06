//! Keeps a client within the limits of an API, by waiting before it sends.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep};

use super::pattern::find_pattern;

/// How many requests an account may make.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// How many in a period.
    pub requests: u32,
    /// The period.
    pub period: Duration,
    /// How many at a time, where that is limited.
    pub concurrent: Option<u32>,
}

impl Limit {
    /// So many requests in any `period`; at least one.
    #[must_use]
    pub const fn new(requests: u32, period: Duration) -> Self {
        Self {
            requests,
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

/// What a request counts as: requests of one scope share a limit.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LimitScope {
    /// The API, by the name that [limits](Limiter::with) are given for.
    pub api: String,
    /// What of the API is limited, such as an operation or a model.
    pub name: String,
}

/// A request, as a limiter sees it.
#[derive(Clone, Copy, Debug)]
pub struct LimitRequest<'a> {
    /// The host that it goes to.
    pub host: &'a str,
    /// The key of the account that makes it.
    pub key: &'a str,
    /// What it counts as.
    pub scope: &'a LimitScope,
}

/// Has requests wait until they are within the limits of their scope, host and account, in
/// the order in which they came.
///
/// Each limit is a bucket of tokens, and a token comes back one period after it was taken,
/// so that no period of any start sees more requests than the limit says. Clones share
/// their buckets: give the same limiter to all clients that use the same accounts.
#[derive(Clone, Default)]
pub struct Limiter(Arc<Shared>);

#[derive(Default)]
struct Shared {
    /// Rows that were added later come first, and so count.
    rows: Vec<Row>,
    /// Accounts are told apart by hashes of their keys, which mean nothing elsewhere.
    hasher: RandomState,
    buckets: Mutex<HashMap<Subject, Arc<Bucket>>>,
}

#[derive(Clone)]
struct Row {
    api: String,
    names: String,
    limit: Limit,
}

/// Whose bucket it is.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Subject {
    host: String,
    account: u64,
    scope: LimitScope,
}

/// The place of a request among those that may be under way at a time, until it is
/// dropped.
#[derive(Debug, Default)]
pub struct Permit {
    _place: Option<OwnedSemaphorePermit>,
}

impl Limiter {
    /// A limiter without limits, to which [`with`](Self::with) adds them.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A new limiter, with another limit for some names of an API: one name, or those that
    /// start with what is before a `*`. The most specific limit for a name is the one that
    /// counts; of two for the same names, the one that was added last.
    #[must_use]
    pub fn with(&self, api: &str, names: &str, limit: Limit) -> Self {
        let added = Row {
            api: api.into(),
            names: names.into(),
            limit,
        };
        let rows = self.0.rows.iter().cloned();
        Self(Arc::new(Shared {
            rows: std::iter::once(added).chain(rows).collect(),
            ..Shared::default()
        }))
    }

    /// Waits until a request may be sent. It counts as under way until the permit is
    /// dropped.
    pub async fn admit(&self, request: LimitRequest<'_>) -> Permit {
        match self.bucket(request) {
            Some(bucket) => bucket.take().await,
            None => Permit::default(),
        }
    }

    fn bucket(&self, request: LimitRequest<'_>) -> Option<Arc<Bucket>> {
        let limit = self.limit(request.scope)?;
        let subject = Subject {
            host: request.host.to_owned(),
            account: self.0.hasher.hash_one(request.key),
            scope: request.scope.clone(),
        };
        // Nothing panics while it holds the lock.
        let buckets = self.0.buckets.lock();
        let mut buckets = buckets.unwrap_or_else(PoisonError::into_inner);
        let bucket = buckets.entry(subject);
        let bucket = bucket.or_insert_with(|| Arc::new(Bucket::new(limit)));
        Some(bucket.clone())
    }

    fn limit(&self, scope: &LimitScope) -> Option<Limit> {
        let rows: Vec<_> = self
            .0
            .rows
            .iter()
            .filter(|row| row.api == scope.api)
            .collect();
        find_pattern(&rows, |row| &row.names, &scope.name).map(|row| row.limit)
    }
}

impl fmt::Debug for Limiter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
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

    /// Both locks serve those who wait in the order in which they came. Whoever gives up
    /// waiting takes nothing along.
    async fn take(&self) -> Permit {
        let place = match &self.places {
            // Nobody closes it, so there is a place some time.
            Some(places) => places.clone().acquire_owned().await.ok(),
            None => None,
        };
        let mut taken = self.taken.lock().await;
        if taken.len() >= self.limit.requests.max(1) as usize
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

    use super::{Limit, LimitRequest, LimitScope, Limiter};

    const SECOND: Duration = Duration::from_secs(1);

    fn scope(api: &str, name: &str) -> LimitScope {
        LimitScope {
            api: api.into(),
            name: name.into(),
        }
    }

    fn request(scope: &LimitScope) -> LimitRequest<'_> {
        LimitRequest {
            host: "h",
            key: "k",
            scope,
        }
    }

    fn limiter() -> Limiter {
        Limiter::new()
            .with("shop", "buy", Limit::new(2, 60 * SECOND))
            .with("shop", "look*", Limit::new(5, SECOND))
            .with("shop", "feed", Limit::new(9, SECOND).concurrent(2))
    }

    /// When each of `count` requests in a row is admitted, in seconds.
    async fn admitted(limiter: &Limiter, request: LimitRequest<'_>, count: usize) -> Vec<u64> {
        let start = Instant::now();
        let mut times = Vec::new();
        for _ in 0..count {
            drop(limiter.admit(request).await);
            times.push(start.elapsed().as_secs());
        }
        times
    }

    #[tokio::test(start_paused = true)]
    async fn limits_are_kept_to() {
        let cases: &[(&str, &[u64])] = &[
            ("buy", &[0, 0, 60, 60, 120]),
            ("look", &[0, 0, 0, 0, 0, 1]),
            ("look-at-cats", &[0, 0, 0, 0, 0, 1]),
            ("another", &[0, 0, 0, 0, 0, 0, 0]),
        ];
        for (name, expected) in cases {
            let scope = scope("shop", name);
            let times = admitted(&limiter(), request(&scope), expected.len()).await;
            assert_eq!(times, *expected, "{name}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn no_period_of_any_start_sees_more_than_the_limit() {
        let (limiter, scope) = (limiter(), scope("shop", "look"));
        let mut random = fastrand::Rng::with_seed(7);
        let mut times = Vec::new();
        for _ in 0..500 {
            tokio::time::sleep(SECOND.mul_f64(random.f64() * 0.6)).await;
            drop(limiter.admit(request(&scope)).await);
            times.push(Instant::now());
        }
        for window in times.windows(6) {
            assert!(window[5] - window[0] >= SECOND);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn only_so_many_are_under_way_at_a_time() {
        let (limiter, scope) = (limiter(), scope("shop", "feed"));
        let first = limiter.admit(request(&scope)).await;
        let _second = limiter.admit(request(&scope)).await;
        let third = timeout(100 * SECOND, limiter.admit(request(&scope)));
        assert!(third.await.is_err());
        drop(first);
        let third = timeout(100 * SECOND, limiter.admit(request(&scope)));
        assert!(third.await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn hosts_accounts_apis_and_names_have_limits_of_their_own() {
        let limiter = limiter().with("shop", "buy*", Limit::new(2, 60 * SECOND));
        let (buy, dogs) = (scope("shop", "buy"), scope("shop", "buy-dogs"));
        let another = scope("another", "buy");
        let others = [
            LimitRequest {
                host: "i",
                ..request(&buy)
            },
            LimitRequest {
                key: "l",
                ..request(&buy)
            },
            request(&dogs),
            request(&another),
            request(&buy),
        ];
        for request in others {
            assert_eq!(admitted(&limiter, request, 2).await, [0, 0]);
        }
        assert_eq!(admitted(&limiter, request(&another), 5).await, [0; 5]);
        let clone = limiter.clone();
        assert_eq!(admitted(&clone, request(&buy), 1).await, [60]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_limit_can_be_another() {
        let buy = scope("shop", "buy");
        let limiter = limiter().with("shop", "buy", Limit::new(1, 10 * SECOND));
        let times = admitted(&limiter, request(&buy), 3).await;
        assert_eq!(times, [0, 10, 20]);
        let endless = Limit::new(1, Duration::MAX).concurrent(u32::MAX);
        let limiter = Limiter::new().with("shop", "buy", endless);
        assert_eq!(admitted(&limiter, request(&buy), 1).await, [0]);
        let second = timeout(10_000 * SECOND, limiter.admit(request(&buy)));
        assert!(second.await.is_err());
        let none = Limiter::new().with("shop", "buy", Limit::new(0, SECOND).concurrent(0));
        assert_eq!(admitted(&none, request(&buy), 2).await, [0, 1]);
    }

    #[tokio::test(start_paused = true)]
    async fn who_came_first_is_served_first_and_who_left_takes_nothing() {
        let limiter = limiter();
        let start = Instant::now();
        let waiting = (0..6).map(|number| {
            let limiter = limiter.clone();
            tokio::spawn(async move {
                let scope = scope("shop", "buy");
                let admitted = limiter.admit(request(&scope));
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
