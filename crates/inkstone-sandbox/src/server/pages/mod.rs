//! Pages for a browser, beside the APIs.

pub mod page;
pub mod serve;
