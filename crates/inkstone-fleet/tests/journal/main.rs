//! The journal on a real PostgreSQL.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a failed test may panic"
)]

mod budget;
mod claims;
mod late;
mod pooled;
mod support;
mod tasks;
