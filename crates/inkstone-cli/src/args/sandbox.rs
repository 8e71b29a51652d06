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
    /// Draw all pictures 16 pixels wide and high, which takes no time
    #[arg(long)]
    pub tiny: bool,
}
