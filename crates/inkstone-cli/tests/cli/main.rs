//! The real binary, from its arguments to its exit code.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a failed test may panic"
)]

mod against;
mod batch;
mod check;
mod conditions;
mod document;
mod face;
mod fleet;
mod gateways;
mod generate;
mod mcp;
mod models;
mod paid;
mod regions;
mod sandbox;
mod schema;
mod serve;
mod skill;
mod support;
mod task;
mod uploads;
mod usage;
