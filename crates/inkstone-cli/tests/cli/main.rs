//! The real binary, from its arguments to its exit code.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a failed test may panic"
)]

mod against;
mod any_bytes;
mod batch;
mod batch_budget;
mod batch_failures;
mod batch_interrupt;
mod batch_jobs;
mod batch_tasks;
mod check;
mod command;
mod diff;
mod dry_run;
mod edits;
mod failures;
mod faults;
mod interrupt;
mod lint;
mod models;
mod pictures;
mod sandbox;
mod schema;
mod served;
mod server;
mod spool;
mod task;
mod usage;
