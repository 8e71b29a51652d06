//! Tasks, and what the APIs say of them.

pub mod filter;
pub mod gateway_reply;
pub mod stages;
pub mod store;
pub mod task;
pub mod task_reply;
pub mod timestamp;
