//! `inkstone mcp`, with the client of the SDK and with the npm inspector.

pub mod agent;
mod http;
mod inspector;
mod tasks;
mod tools;
