//! What all jobs of a batch share.

use std::path::Path;

use crate::args::api::Api;
use crate::batch::execution::targets::Targets;
use crate::batch::journal::Journal;

/// What all jobs of a batch share.
pub struct BatchContext<'a> {
    pub journal: &'a Journal,
    pub targets: &'a Targets,
    pub jobs: &'a Path,
    pub out: &'a Path,
    /// The API for jobs that name none.
    pub api: Option<Api>,
}
