//! The client on the wire, against a server that answers as it is told.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic)]

mod errors;
mod events;
mod keys;
mod pages;
mod replies;
mod retries;
mod salvage;
mod server;
mod setup;
mod shop;
mod statuses;
mod stop;
mod tls;
