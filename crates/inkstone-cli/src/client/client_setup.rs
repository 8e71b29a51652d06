//! How the client is set up: downloads and deadline.

use std::time::Duration;

use inkstone::{Client, Downloads};

use crate::error::CliError;

/// `client` with a deadline, if there is one.
pub fn with_timeout(client: Client, timeout: Option<Duration>) -> Client {
    match timeout {
        Some(limit) => client.with_deadline(limit),
        None => client,
    }
}

/// How pictures are downloaded; `verify` decodes every pixel.
pub fn downloads(verify: bool) -> Result<Downloads, CliError> {
    let downloads = Downloads::new();
    match verify {
        #[cfg(feature = "decode")]
        true => Ok(downloads.verify(inkstone::Verify::Decode)),
        #[cfg(not(feature = "decode"))]
        true => Err(crate::features::missing("--verify")),
        false => Ok(downloads),
    }
}
