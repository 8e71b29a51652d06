//! How much of a model DashScope lets an account ask for: its published limits.

use std::time::Duration;

use apifox_client::{Limit, LimitScope, Limiter};

/// The API whose limits these are. The gateway publishes none.
pub(crate) const API: &str = "dashscope";

/// What questions about tasks count as, per account.
const QUERIES: &str = "dashscope/tasks";

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);

/// Submissions, per account and model.
const SUBMISSIONS: [(&str, Limit); 8] = [
    ("qwen-image-2.0-pro*", Limit::new(2, MINUTE)),
    ("qwen-image-2.0*", Limit::new(2, SECOND)),
    ("qwen-image-max*", Limit::new(2, MINUTE)),
    ("qwen-image-edit-max*", Limit::new(2, MINUTE)),
    ("qwen-image-edit*", Limit::new(2, SECOND)),
    ("qwen-image-plus*", Limit::new(2, SECOND).concurrent(2)),
    ("qwen-image", Limit::new(2, SECOND).concurrent(2)),
    ("wan2.7*", Limit::new(5, SECOND).concurrent(5)),
];

/// A limiter with the published limits.
pub(crate) fn published() -> Limiter {
    let queries = Limiter::new().with(QUERIES, "*", Limit::new(20, SECOND));
    let rows = SUBMISSIONS.iter();
    rows.fold(queries, |limiter, (models, limit)| {
        limiter.with(API, models, *limit)
    })
}

/// What a question about a task counts as: all share one limit, which is of no model.
pub(crate) fn queries() -> LimitScope {
    LimitScope {
        api: QUERIES.into(),
        name: String::new(),
    }
}

#[cfg(test)]
mod tests {
    use apifox_client::{LimitRequest, LimitScope, Limiter};
    use tokio::time::Instant;

    use super::{API, published, queries};

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
        let limiter = published();
        for (model, expected) in cases {
            let scope = LimitScope {
                api: API.into(),
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
        let times = admitted(&published(), &queries(), 41).await;
        let seconds: Vec<_> = [0, 1].iter().flat_map(|second| [*second; 20]).collect();
        assert_eq!(times, [&seconds[..], &[2]].concat());
    }
}
