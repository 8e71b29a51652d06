//! What ends up on disk: pictures, sidecars and kept replies.

pub mod arrived;
pub mod deliver;
pub mod files;

pub mod kept_reply;
pub mod outcome;
pub mod request_context;
pub mod safe_stem;
pub mod save_budget;
pub mod save_pictures;
pub mod sidecar;
pub mod stamp;
pub mod task_ticket;
