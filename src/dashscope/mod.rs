//! DashScope: the types of its documents, and what it does its own way.

pub(crate) mod codes;
pub(crate) mod headers;
pub(crate) mod task;
pub(crate) mod tasks;

pub use crate::generated::dashscope::*;
