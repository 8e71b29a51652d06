//! What goes in and out over HTTP, neither of which may take more memory than it deserves.

pub mod own_host;
pub mod payload;
pub mod places;
pub mod request_body;
pub mod watched;
