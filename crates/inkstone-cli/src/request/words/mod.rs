//! What is wrong with a request, in words.

pub mod command_line;
pub mod explain;
pub mod suggest;
pub mod taken;
