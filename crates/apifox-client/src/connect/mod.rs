//! How a client gets to the API: its address and TLS.

mod address;
mod proxies;
mod tls;

pub(crate) use address::base_url;
pub use address::is_loopback;
pub(crate) use proxies::shown as shown_proxy;
pub use proxies::{SystemProxies, system_proxies};
pub use tls::platform_tls;
