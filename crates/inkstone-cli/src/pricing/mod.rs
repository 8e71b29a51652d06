//! What requests cost.

#![cfg_attr(test, allow(clippy::expect_used, clippy::unwrap_used))]

pub mod money;
pub mod prices;
pub mod quote;
