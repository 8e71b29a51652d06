//! Batches on many machines, in a build without them: what is asked for is known, and where it
//! is to be had is said.

use crate::args::batch::BatchArgs;
use crate::args::batch::fleet::FleetCommand;
use crate::args::running;
use crate::batch::jobs::jobs_file::JobsFile;
use crate::error::CliError;
use crate::features::missing;
use crate::pricing::prices::Prices;

pub fn run_command(_: &FleetCommand) -> Result<(), CliError> {
    Err(missing(running()))
}

pub fn run(_: &str, _: &BatchArgs, _: &JobsFile, _: &Prices) -> Result<(), CliError> {
    Err(missing("--journal"))
}
