//! Sends the operations of any API that `apifox-build` generated.
//!
//! ```no_run
//! use apifox_client::{Client, Retries};
//! # async fn run<E: apifox_runtime::Endpoint>(request: E) -> Result<(), Box<dyn std::error::Error>>
//! # where E::Error: Send + Sync + 'static {
//! let client = Client::builder("https://api.example").key("…").build()?;
//! let reply = client.send(&request).await?;
//! println!("HTTP {} after {} attempts", reply.status(), reply.attempts());
//! # Ok(())
//! # }
//! ```
//!
//! A request is checked against its document before it is sent. A [`Reply`] is never thrown
//! away: it has the bytes and the JSON that came, and beside them the typed reply or where
//! it deviates from its document. An [`Error`] says at which [`Stage`] the call failed, keeps
//! the status, headers and body that came back, and has the [typed](Error::typed) error body
//! where the document describes one. Neither errors nor logs ever show the key, and no
//! redirect is followed with it.
//!
//! A request is sent again only where that cannot have it carried out twice: see
//! [`Retries`]. A call takes no longer than its [deadline](Builder::deadline), and a
//! [`Limiter`] has requests wait until they are within the API's limits.
//!
//! What an API does its own way (the shape of its error bodies, what an operation does,
//! headers, limits, how bodies are read) is said by an implementation of [`Api`]. A [`Hook`]
//! sees each attempt before and after.

#![cfg_attr(test, allow(clippy::expect_used, clippy::unwrap_used))]

mod api;
mod body;
mod builder;
mod call;
mod client;
mod connect;
mod effect;
mod error;
mod events;
mod excerpt;
mod headers;
mod hook;
mod key;
pub mod lenient;
mod limit;
mod pages;
mod reply;
mod stage;
mod stop;

pub use api::{Api, Failure, Http, RawReply, ReplyHead};
pub use body::{Body, BodyReader, InMemory};
pub use builder::Builder;
pub use call::{Deadline, DeadlinePassed, Decoder, Retries, retry_after};
pub use client::{Client, RawRequest};
pub use connect::{SystemProxies, is_loopback, platform_tls, system_proxies};
pub use effect::Effect;
pub use error::{Error, ErrorReply, causes, innermost_cause};
pub use events::{Event, Events};
pub use excerpt::{excerpt, short_excerpt};
pub use hook::{Attempt, Hook, Pause};
pub use key::Key;
pub use limit::{Limit, LimitRequest, LimitScope, Limiter, Permit, find_pattern};
pub use pages::{Items, Page, Pages};
pub use reply::{Exchange, Received, Reply};
pub use stage::Stage;
pub use stop::StopSignal;
