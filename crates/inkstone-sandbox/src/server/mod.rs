//! The server: connections, dispatch, and the answers to requests.

pub mod answers;
pub mod call;
pub mod connection;
pub mod dispatch;
pub mod override_reply;
pub mod pages;
pub mod render;
pub mod respond;
pub mod routes;
pub mod sandbox;
pub mod state;
pub mod validate;
