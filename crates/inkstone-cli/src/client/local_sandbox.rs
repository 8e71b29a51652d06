//! A sandbox with every document of this program.

use std::net::{Ipv4Addr, SocketAddr};

use inkstone::DOCUMENTS;
use inkstone_sandbox::{Builder, Sandbox};
use serde_json::Value;

use crate::error::CliError;

/// Starts a sandbox on a free port.
pub async fn start() -> Result<Sandbox, CliError> {
    begin(builder(0)).await
}

/// A sandbox on a port of this machine that serves documents which were given at run time.
pub fn for_documents(port: u16, documents: Vec<(&str, Value)>) -> Builder {
    let builder = Sandbox::builder().address((Ipv4Addr::LOCALHOST, port).into());
    let served = documents.into_iter();
    served.fold(builder, |builder, (name, json)| {
        builder.document("document", name, json)
    })
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
