//! `inkstone sandbox`: both APIs on this machine.

use std::fmt::Display;
use std::fs;
use std::path::Path;

use serde_json::Value;

use tr::tr;

use crate::args::sandbox::SandboxArgs;
use crate::client::interrupt::Interrupt;
use crate::client::local_sandbox;
use crate::client::runtime;
use crate::console;
use crate::error::CliError;
use crate::request::given_document;

pub fn run(args: &SandboxArgs) -> Result<(), CliError> {
    runtime::run(async {
        let builder = match &args.document {
            Some(file) => {
                let operation = given_document::load(file, args.operation.as_deref())?;
                local_sandbox::for_document(args.port, operation)
            }
            None => local_sandbox::builder(args.port),
        };
        let mut builder = builder.tiny(args.tiny);
        if let Some(file) = &args.script {
            builder = builder.script(script(file)?);
        }
        for (name, key) in &args.region {
            builder = builder.region(name, key);
        }
        let sandbox = local_sandbox::begin(builder).await?;
        let url = sandbox.url().to_owned();
        console::line(&url)?;
        console::hint(&tr!(
            "INKSTONE_API_KEY=any inkstone generate --base-url {url} \"a cat\"",
            url
        ));
        let mut interrupt = Interrupt::new();
        tokio::select! {
            _ = interrupt.wait() => Ok(()),
            ended = sandbox.wait() => ended
                .map_err(|error| CliError::usage(tr!("the sandbox ended: {error}", error))),
        }
    })
}

/// The steps in a script's file.
fn script(file: &Path) -> Result<Value, CliError> {
    let failed = |error: &dyn Display| CliError::usage(format!("{}: {error}", file.display()));
    let text = fs::read_to_string(file).map_err(|error| failed(&error))?;
    serde_json::from_str(&text).map_err(|error| failed(&error))
}
