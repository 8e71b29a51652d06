//! Why does the sandbox not start?

use std::io;
use std::net::SocketAddr;

use apifox_document::Diagnostics;

/// Why a [`Sandbox`](crate::Sandbox) didn't start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The address can't be listened on.
    #[error("{}", unlistened(.address, .source))]
    Address {
        /// The address that was asked for.
        address: SocketAddr,
        /// What the operating system says.
        source: io::Error,
    },
    /// A document can't be served.
    #[error("{document}, {pointer}: {message}")]
    Document {
        /// The folder and the name of the document, as in `gateway/wan2.7-image-pro`.
        document: String,
        /// The place in it, as a JSON pointer.
        pointer: String,
        /// What is wrong there.
        message: String,
    },
    /// A document of any form can't be read.
    #[error(transparent)]
    Mock(Diagnostics),
    /// The script is malformed.
    #[error(transparent)]
    Script(ScriptError),
}

/// Which step of a script is malformed, and how to write it.
#[derive(Debug, thiserror::Error)]
#[error("the script, {0}")]
pub struct ScriptError(pub(crate) String);

fn unlistened(address: &SocketAddr, error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::AddrInUse => format!(
            "cannot listen on {address}: another program does; \
             stop it, or choose another port (0 takes a free one)"
        ),
        _ => format!("cannot listen on {address}: {error}; choose another address"),
    }
}
