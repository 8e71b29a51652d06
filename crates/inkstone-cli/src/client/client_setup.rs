//! How the client is set up: downloads, deadline and spool.

use std::path::Path;
use std::time::Duration;

use inkstone::{Client, Downloads};

use crate::client::address::Address;
use crate::client::secret::Secret;
use crate::error::CliError;

/// An API that requests are sent to.
pub struct Target {
    pub client: Client,
    pub address: Address,
}

impl Target {
    /// The API at this address; replies are spooled to `directory`.
    pub fn new(
        address: Address,
        timeout: Option<Duration>,
        directory: &Path,
    ) -> Result<Self, CliError> {
        let client = address.client(Downloads::new())?;
        let client = with_timeout(client.with_spool(directory.to_owned()), timeout);
        Ok(Self { client, address })
    }

    pub fn key(&self) -> &Secret {
        self.address.key()
    }
}

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
