//! Has requests wait until they are within the limits that the vendors publish.

use apifox_client::{Limit, LimitScope};

use crate::facts::ApiFacts;

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
        let mut limiter = apifox_client::Limiter::new();
        for facts in ApiFacts::all() {
            for (models, limit) in facts.limits() {
                limiter = limiter.with(facts.name, models, limit);
            }
            if let Some(limit) = facts.questions() {
                limiter = limiter.with(&questions(facts.name).api, "*", limit);
            }
        }
        Self(limiter)
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

/// What a question about a task counts as: all share one limit, which is of no model.
pub(crate) fn questions(api: &str) -> LimitScope {
    LimitScope {
        api: format!("{api}/tasks"),
        name: String::new(),
    }
}

#[cfg(test)]
mod tests {
    use apifox_client::{LimitRequest, LimitScope, Limiter};
    use tokio::time::Instant;

    use super::{Limiter as Published, questions};

    /// When each of `count` requests in a row is admitted, in seconds.
    async fn admitted(limiter: &Limiter, scope: &LimitScope, count: usize) -> Vec<u64> {
        let start = Instant::now();
        let mut times = Vec::new();
        for _ in 0..count {
            let request = LimitRequest {
                host: "h",
                key: "k",
                scope,
            };
            drop(limiter.admit(request).await);
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
        let limiter = Published::published().0;
        for (model, expected) in cases {
            let scope = LimitScope {
                api: "dashscope".into(),
                name: (*model).into(),
            };
            let times = admitted(&limiter, &scope, expected.len()).await;
            assert_eq!(times, *expected, "{model}");
            let gateway = LimitScope {
                api: "gateway".into(),
                ..scope
            };
            assert_eq!(admitted(&limiter, &gateway, 7).await, [0; 7], "{model}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn questions_about_tasks_share_one_limit() {
        let times = admitted(&Published::published().0, &questions("dashscope"), 41).await;
        let seconds: Vec<_> = [0, 1].iter().flat_map(|second| [*second; 20]).collect();
        assert_eq!(times, [&seconds[..], &[2]].concat());
    }
}
