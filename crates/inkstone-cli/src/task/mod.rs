//! Tasks: submitted, noted on disk, and waited for.

pub mod resume_command;
pub mod submit;
pub mod submitted;
pub mod wait;
