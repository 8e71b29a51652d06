//! Sends the jobs of a batch and saves their pictures.

pub mod backend;
pub mod batch_progress;
pub mod context;
pub mod cut_short;
pub mod directory;
pub mod job_result;
pub mod job_run;
pub mod queue;
pub mod run_state;
pub mod save_pictures;
pub mod scheduler;
pub mod stored_replies;
pub mod targets;
