//! The flags of `inkstone sandbox`.

use std::path::PathBuf;

use clap::Args;

/// Serve both APIs on this machine, as their documents describe them
///
/// Any key is accepted and nothing is billed. Ctrl-c stops it.
#[derive(Args, Debug)]
pub struct SandboxArgs {
    /// The port on 127.0.0.1; 0 takes a free one
    #[arg(long, default_value_t = 8787)]
    pub port: u16,
    /// What is to go wrong: a JSON file with a step or an array of steps
    ///
    /// A step is an object, as in {"error": "Throttling", "times": 3}. While the
    /// sandbox runs, POST /_script adds steps and GET /_script shows those left.
    #[arg(long, value_name = "FILE")]
    pub script: Option<PathBuf>,
    /// Serve the operation of this document and nothing else: Apifox or OpenAPI, in any form
    #[arg(long, value_name = "FILE")]
    pub document: Option<PathBuf>,
    /// The operation of the document, by method and path or by id, where it has several
    #[arg(long, value_name = "NAME", requires = "document")]
    pub operation: Option<String>,
    /// Play a region that takes only this key, at /NAME of the address
    #[arg(long, value_name = "NAME=KEY", value_parser = region)]
    pub region: Vec<(String, String)>,
    /// Draw all pictures 16 pixels wide and high, which takes no time
    #[arg(long)]
    pub tiny: bool,
}

/// A region's name, and its key.
fn region(text: &str) -> Result<(String, String), String> {
    let (name, key) = text.split_once('=').unwrap_or((text, ""));
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '-';
    match !name.is_empty() && name.chars().all(is_name) && !key.is_empty() {
        true => Ok((name.to_owned(), key.to_owned())),
        false => Err("expected NAME=KEY, as in cn-beijing=sk-1".to_owned()),
    }
}
