//! The real binary, from its arguments to its exit code.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a failed test may panic"
)]

mod check;
mod command;
mod dry_run;
mod failures;
mod interrupt;
mod lint;
mod models;
mod pictures;
mod schema;
mod server;
mod usage;
