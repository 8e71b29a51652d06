//! How the client is set up: downloads and deadline.

use std::time::Duration;

use inkstone::{Client, Downloads, Verify};

/// `client` with a deadline, if there is one.
pub fn with_timeout(client: Client, timeout: Option<Duration>) -> Client {
    match timeout {
        Some(limit) => client.with_deadline(limit),
        None => client,
    }
}

/// How pictures are downloaded; `verify` decodes every pixel.
pub fn downloads(verify: bool) -> Downloads {
    Downloads::new().verify(match verify {
        true => Verify::Decode,
        false => Verify::Structure,
    })
}
