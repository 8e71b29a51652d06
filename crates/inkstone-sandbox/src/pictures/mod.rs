//! Which pictures a request asks for, how they look, and the replies that hold them.

pub mod encoding;
pub mod picture;
pub mod picture_reply;
pub mod render_job;
