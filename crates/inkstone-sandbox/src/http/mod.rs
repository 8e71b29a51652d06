//! Requests and replies as HTTP has them.

pub mod authorization;
pub mod byte_range;
pub mod control_headers;
pub mod cut_stream;
pub mod delivery;
pub mod multipart;
pub mod own_host;
pub mod payload;
pub mod region;
pub mod reply;
pub mod request_body;
