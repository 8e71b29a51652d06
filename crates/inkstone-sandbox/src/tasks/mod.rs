//! DashScope's tasks.

pub mod filter;
pub mod stages;
pub mod store;
pub mod task;
pub mod task_reply;
pub mod timestamp;
