//! What all requests share.

use std::sync::Arc;

use crate::orders::dispatcher::Dispatcher;
use crate::serve::callers::Callers;
use crate::serve::http::own_host::OwnNames;
use crate::serve::http::request_body::Room;

/// What all requests share.
pub struct Server {
    pub dispatcher: Arc<Dispatcher>,
    pub callers: Callers,
    pub names: OwnNames,
    pub room: Room,
    /// Where callers reach it, unless that is the host that each asks.
    pub public_url: Option<String>,
}
