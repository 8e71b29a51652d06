//! What all jobs of a batch share.

use indicatif::ProgressBar;
use inkstone::StopSignal;

use crate::batch::execution::targets::Targets;

/// What all jobs of a batch share, which is kept in `B`.
pub struct BatchContext<'a, B> {
    pub backend: &'a B,
    pub targets: &'a Targets,
    /// Whether all pictures of requests are uploaded that can be.
    pub uploads: bool,
    /// Has jobs end where nothing of theirs is under way.
    pub stop: StopSignal,
    /// The progress bar, which what is printed must not break up.
    pub bar: &'a ProgressBar,
}
