//! What all jobs of a batch share.

use std::path::Path;

use indicatif::ProgressBar;
use inkstone::StopSignal;

use crate::batch::execution::targets::Targets;
use crate::batch::jobs::jobs_file::JobsFile;
use crate::batch::journal::Journal;
use crate::batch::reserve::records::Records;

/// What all jobs of a batch share.
pub struct BatchContext<'a> {
    pub journal: &'a Journal,
    pub targets: &'a Targets,
    pub jobs: &'a JobsFile,
    pub out: &'a Path,
    /// Whether all pictures of requests are uploaded that can be.
    pub uploads: bool,
    /// Room for what a full disk keeps out of the journal.
    pub reserve: &'a Records,
    /// Has jobs end where nothing of theirs is under way.
    pub stop: StopSignal,
    /// The progress bar, which what is printed must not break up.
    pub bar: &'a ProgressBar,
}
