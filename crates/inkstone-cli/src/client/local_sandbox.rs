//! A sandbox with every document of this program.

use std::net::{Ipv4Addr, SocketAddr};

use inkstone::DOCUMENTS;
use inkstone_sandbox::{Builder, Sandbox};
use serde_json::Value;

use tr::tr;

use crate::error::CliError;
use crate::language::libraries;

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
    started.map_err(|error| CliError::usage(libraries::error(&error.to_string())))
}

/// The error where pictures of a sandbox and of APIs would count as the same: in a `place` that
/// is either a rehearsal, or is none.
pub fn mixed(is_rehearsal: bool, place: &str) -> CliError {
    match is_rehearsal {
        true => CliError::usage(tr!(
            "{place} is a rehearsal with --sandbox: no API made its pictures; nothing was sent",
            place
        ))
        .hint(tr!(
            "begin elsewhere; or give --sandbox, to go on with the rehearsal"
        )),
        false => CliError::usage(tr!(
            "{place} is no rehearsal: its pictures are those of APIs; nothing was sent",
            place
        ))
        .hint(tr!("rehearse elsewhere; or leave --sandbox out, and go on")),
    }
}
