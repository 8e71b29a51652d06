//! Batches on many machines, in a build without them: what is asked for is known, and where it
//! is to be had is said.

use tr::tr;

use crate::args::batch::BatchArgs;
use crate::args::batch::fleet::FleetCommand;
use crate::batch::jobs::jobs_file::JobsFile;
use crate::error::CliError;
use crate::pricing::prices::Prices;

pub fn run_command(_: &FleetCommand) -> Result<(), CliError> {
    Err(not_in_this_build())
}

pub fn run(_: &str, _: &BatchArgs, _: &JobsFile, _: &Prices) -> Result<(), CliError> {
    Err(not_in_this_build())
}

fn not_in_this_build() -> CliError {
    CliError::usage(tr!(
        "this build has no journals in PostgreSQL; nothing was sent"
    ))
    .hint(tr!(
        "the released binaries have them; or build it with: cargo install inkstone-cli \
         --features fleet"
    ))
}
