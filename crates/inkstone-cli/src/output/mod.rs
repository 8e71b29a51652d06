//! What ends up on disk: pictures, sidecars and kept replies.

pub mod arrived;
pub mod deliver;
pub mod files;
pub mod input;
pub mod kept_body;
pub mod kept_reply;
pub mod names;
pub mod outcome;
pub mod preview;
pub mod reply_record;
pub mod request_context;
pub mod save_budget;
pub mod save_pictures;
pub mod sidecar;
pub mod task_ticket;
