//! `inkstone mcp`, with the client of the SDK and with the npm inspector.

mod http;
mod inspector;
mod tools;
