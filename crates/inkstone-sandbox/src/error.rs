//! Why does the sandbox not start?

use std::error::Error;
use std::fmt;
use std::io;
use std::net::SocketAddr;

use apifox_document::Diagnostics;

/// Why a [`Sandbox`](crate::Sandbox) didn't start.
#[derive(Debug)]
#[non_exhaustive]
pub enum StartError {
    /// The address can't be listened on.
    Address {
        /// The address that was asked for.
        address: SocketAddr,
        /// What the operating system says.
        source: io::Error,
    },
    /// A document can't be served.
    Document {
        /// The folder and the name of the document, as in `gateway/wan2.7-image-pro`.
        document: String,
        /// The place in it, as a JSON pointer.
        pointer: String,
        /// What is wrong there.
        message: String,
    },
    /// A document of any form can't be read.
    Mock(Diagnostics),
    /// The script is malformed.
    Script(ScriptError),
}

/// Which step of a script is malformed, and how to write it.
#[derive(Debug)]
pub struct ScriptError(pub(crate) String);

impl fmt::Display for ScriptError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "the script, {}", self.0)
    }
}

impl Error for ScriptError {}

impl fmt::Display for StartError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address { address, source } if source.kind() == io::ErrorKind::AddrInUse => {
                write!(
                    out,
                    "cannot listen on {address}: another program does; \
                     stop it, or choose another port (0 takes a free one)"
                )
            }
            Self::Address { address, source } => {
                write!(
                    out,
                    "cannot listen on {address}: {source}; choose another address"
                )
            }
            Self::Document {
                document,
                pointer,
                message,
            } => write!(out, "{document}, {pointer}: {message}"),
            Self::Mock(diagnostics) => diagnostics.fmt(out),
            Self::Script(error) => error.fmt(out),
        }
    }
}

impl Error for StartError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Address { source, .. } => Some(source),
            Self::Document { .. } | Self::Mock(_) | Self::Script(_) => None,
        }
    }
}
