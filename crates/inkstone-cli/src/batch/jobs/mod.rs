//! The jobs file: its lines, and the job in each.

pub mod job;
pub mod lines;
pub mod read_jobs;
pub mod worst_case;
