//! DashScope: the types of its documents, and what it does its own way.

pub(crate) mod codes;
pub(crate) mod headers;
pub(crate) mod storage;
pub(crate) mod upload;

pub use crate::generated::dashscope::*;
