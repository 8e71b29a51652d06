//! How a client gets to the API: its address and TLS.

mod address;
mod tls;

pub use address::is_loopback;
pub(crate) use address::{base_url, is_same_origin};
pub use tls::platform_tls;
