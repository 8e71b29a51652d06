//! The OpenAI-compatible gateway: the types of its documents, and its error codes.

pub(crate) mod codes;

pub use crate::generated::gateway::*;
