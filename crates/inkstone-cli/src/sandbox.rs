//! `inkstone sandbox`: both APIs on this machine.

use std::fmt::Display;
use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;

use inkstone::DOCUMENTS;
use inkstone_sandbox::{Builder, Sandbox};
use serde_json::Value;

use crate::args;
use crate::exit::Failure;
use crate::interrupt::Interrupt;
use crate::output;
use crate::runtime;

pub fn run(args: &args::Sandbox) -> Result<(), Failure> {
    runtime::run(async {
        let mut builder = builder(args.port).tiny(args.tiny);
        if let Some(file) = &args.script {
            builder = builder.script(script(file)?);
        }
        let sandbox = begin(builder).await?;
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
    begin(builder(port)).await
}

fn builder(port: u16) -> Builder {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let builder = Sandbox::builder().address(address);
    DOCUMENTS.iter().fold(builder, |builder, document| {
        let json = serde_json::from_str(document.json).unwrap_or_default();
        builder.document(document.api, document.name, json)
    })
}

async fn begin(builder: Builder) -> Result<Sandbox, Failure> {
    let started = builder.start().await;
    started.map_err(|error| Failure::usage(error.to_string()))
}

/// The steps of a script's file.
fn script(file: &Path) -> Result<Value, Failure> {
    let failed = |error: &dyn Display| Failure::usage(format!("{}: {error}", file.display()));
    let text = fs::read_to_string(file).map_err(|error| failed(&error))?;
    serde_json::from_str(&text).map_err(|error| failed(&error))
}
