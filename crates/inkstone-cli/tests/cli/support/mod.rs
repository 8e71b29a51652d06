//! What the tests share: the binary, servers, batches, disks that fail.

pub mod command;
pub mod cutting_proxy;
pub mod daemon;
#[cfg(target_os = "linux")]
pub mod failing_disk;
pub mod packages;
pub mod scene;
pub mod served;
pub mod server;
pub mod studio;
#[cfg(target_os = "linux")]
pub mod terminal;
