//! Scripts: what is to go wrong, and when.

pub mod byte_edits;
pub mod edit;
pub mod effect;
pub mod queue;
pub mod step;
pub mod step_reader;
pub mod values;
