//! A server on this machine that answers as it is told: that of the tests of `apifox-client`.

#[allow(dead_code, reason = "those tests need more of it")]
#[path = "../../crates/apifox-client/tests/wire/server.rs"]
mod shared;

pub use self::shared::{Act, Server, header, http};

/// A whole reply, as what the server does.
pub fn reply(status: &str, body: &str) -> Act {
    shared::reply(status, "", body)
}
