//! The jobs file: its lines, and the job in each.

pub mod job;
pub mod lines;
pub mod read_jobs;
