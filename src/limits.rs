//! How much of a model the vendors let an account ask for: their published limits.

use std::time::Duration;

use crate::limiter::Limit;
use crate::table::Pattern;

/// The limit of the models of an API that a pattern fits.
pub(crate) struct Row {
    pub api: &'static str,
    pub models: Pattern,
    pub limit: Limit,
}

/// Submissions, per account and model. The gateway publishes none.
pub(crate) const SUBMISSIONS: &[Row] = &[
    row("qwen-image-2.0-pro*", 2, MINUTE),
    row("qwen-image-2.0*", 2, SECOND),
    row("qwen-image-max*", 2, MINUTE),
    row("qwen-image-edit-max*", 2, MINUTE),
    row("qwen-image-edit*", 2, SECOND),
    concurrent(row("qwen-image-plus*", 2, SECOND), 2),
    concurrent(row("qwen-image", 2, SECOND), 2),
    concurrent(row("wan2.7*", 5, SECOND), 5),
];

/// Questions about tasks, per account.
pub(crate) const QUERIES: Row = row("*", 20, SECOND);

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);

const fn row(models: Pattern, count: u32, period: Duration) -> Row {
    Row {
        api: "dashscope",
        models,
        limit: Limit::new(count, period),
    }
}

const fn concurrent(row: Row, most: u32) -> Row {
    Row {
        limit: row.limit.concurrent(most),
        ..row
    }
}
