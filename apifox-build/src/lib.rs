//! x
pub mod page; mod reindent; pub mod problem; mod correct; pub mod source;
