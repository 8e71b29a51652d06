//! The jobs file: its lines, and the job in each.

pub mod job;
pub mod jobs_file;
pub mod lines;
pub mod messages;
pub mod quotes;
pub mod read_jobs;
pub mod table;
pub mod wanted;
