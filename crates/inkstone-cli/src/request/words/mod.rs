//! Requests in words: what is wrong with one, which models take what, the flags of fields, and the command
//! that sends it.

pub mod command_line;
pub mod explain;
pub mod flags;
pub mod suggest;
pub mod taken;
