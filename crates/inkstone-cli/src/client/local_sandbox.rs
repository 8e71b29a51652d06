//! A sandbox with every document of this program.

use std::net::{Ipv4Addr, SocketAddr};

use inkstone::{DOCUMENTS, Operation};
use inkstone_sandbox::{Builder, Sandbox};

use crate::error::CliError;

/// Starts a sandbox on a free port, which serves this operation.
pub async fn start_for(operation: &Operation) -> Result<Sandbox, CliError> {
    let is_known = DOCUMENTS
        .iter()
        .any(|document| document.api == operation.api);
    match is_known {
        true => start().await,
        false => begin(for_document(0, operation)).await,
    }
}

/// Starts a sandbox on a free port.
pub async fn start() -> Result<Sandbox, CliError> {
    begin(builder(0)).await
}

/// A sandbox on a port of this machine that serves an operation which was given at run time.
pub fn for_document(port: u16, operation: &Operation) -> Builder {
    let json = serde_json::from_str(operation.document).unwrap_or_default();
    let builder = Sandbox::builder().address((Ipv4Addr::LOCALHOST, port).into());
    builder.document(operation.api, operation.name, json)
}

/// A sandbox on a port of this machine, not started yet.
pub fn builder(port: u16) -> Builder {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let builder = Sandbox::builder().address(address);
    DOCUMENTS.iter().fold(builder, |builder, document| {
        let json = serde_json::from_str(document.json).unwrap_or_default();
        builder.document(document.api, document.name, json)
    })
}

/// Starts a sandbox.
pub async fn begin(builder: Builder) -> Result<Sandbox, CliError> {
    let started = builder.start().await;
    started.map_err(|error| CliError::usage(error.to_string()))
}
