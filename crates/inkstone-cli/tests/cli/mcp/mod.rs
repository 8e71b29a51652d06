//! `inkstone mcp`, with the client of the SDK and with the npm inspector.

mod agent;
mod http;
mod inspector;
mod tasks;
mod tools;
