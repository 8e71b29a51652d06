//! `inkstone sandbox`: both APIs on this machine.

use std::net::{Ipv4Addr, SocketAddr};

use inkstone::DOCUMENTS;
use inkstone_sandbox::Sandbox;

use crate::args;
use crate::exit::Failure;
use crate::interrupt::Interrupt;
use crate::output;
use crate::runtime;

pub fn run(args: &args::Sandbox) -> Result<(), Failure> {
    runtime::run(async {
        let sandbox = start(args.port).await?;
        let url = sandbox.url().to_owned();
        output::line(&url)?;
        output::hint(&format!(
            "INKSTONE_API_KEY=any inkstone generate --base-url {url} \"a cat\""
        ));
        tokio::select! {
            () = Interrupt::new().wait() => Ok(()),
            ended = sandbox.wait() => ended
                .map_err(|error| Failure::usage(format!("the sandbox ended: {error}"))),
        }
    })
}

/// A sandbox with every document there is.
pub async fn start(port: u16) -> Result<Sandbox, Failure> {
    let mut builder = Sandbox::builder().address(SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
    for document in DOCUMENTS {
        let json = serde_json::from_str(document.json).unwrap_or_default();
        builder = builder.document(document.api, document.name, json);
    }
    let started = builder.start().await;
    started.map_err(|error| Failure::usage(error.to_string()))
}
