//! What the tests share: the binary, servers, batches.

pub mod command;
pub mod scene;
pub mod served;
pub mod server;
