//! A caller's own code before and after each attempt of a call.

use std::error::Error as StdError;
use std::time::Duration;

use reqwest::Request;

use crate::error::Error;

/// What is done before and after each attempt of a call: signing, logging, metrics.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a hook",
    note = "implement `apifox_client::Hook` for it: its methods do nothing by default"
)]
pub trait Hook: Send + Sync {
    /// Looks at a request before it is sent, and may change it, but not the host that it
    /// goes to: the request carries the key.
    ///
    /// # Errors
    ///
    /// Keeps the request from being sent: the call fails at
    /// [`Stage::Configuration`](crate::Stage::Configuration) with this cause.
    fn before(&self, request: &mut Request) -> Result<(), Box<dyn StdError + Send + Sync>> {
        let _ = request;
        Ok(())
    }

    /// Looks at what came of an attempt.
    fn after(&self, attempt: &Attempt<'_>) {
        let _ = attempt;
    }

    /// Learns of a pause before another attempt.
    fn pausing(&self, pause: &Pause<'_>) {
        let _ = pause;
    }
}

/// A pause before another attempt.
#[non_exhaustive]
#[derive(Debug)]
pub struct Pause<'a> {
    /// Why the last attempt failed. The key is blanked in it.
    pub error: &'a Error,
    /// Which attempt of the call comes next, from 2.
    pub next: u32,
    /// How many attempts are made in all.
    pub most: u32,
    /// How long the pause is.
    pub length: Duration,
}

/// An attempt that is over.
#[non_exhaustive]
#[derive(Debug)]
pub struct Attempt<'a> {
    /// The operation, by API and name; the path of a request that no document describes.
    pub operation: &'a str,
    /// Which attempt of the call it was, from 1.
    pub number: u32,
    /// The HTTP status, where a reply came.
    pub status: Option<u16>,
    /// Why it failed, if it did. The key is blanked in it.
    pub error: Option<&'a Error>,
    /// How long it took, from sending the request to the end of the reply.
    pub duration: Duration,
}
