//! Carries one call through: its turn, its attempts, the pauses between, its reply.

mod accept;
mod charset;
mod deadline;
mod inflate;
mod offload;
mod receive;
mod retries;
mod retry_after;
mod send_guard;
mod transport;

pub(crate) use accept::accept;
pub(crate) use charset::text;
pub use deadline::{Deadline, DeadlinePassed};
pub use inflate::Decoder;
pub(crate) use offload::{is_large, offload};
pub(crate) use receive::{Answer, Opened, error_reply, failed_reply, raw_reply, read_whole, said};
pub use retries::Retries;
pub use retry_after::retry_after;
pub(crate) use transport::{Call, ProxyName, Transport};
