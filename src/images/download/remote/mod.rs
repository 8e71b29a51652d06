//! A picture on a server: which address may be asked, by which HTTP client, and how it is
//! fetched.

mod address;
pub(super) mod fetch;
mod part;
pub(super) mod resolve;
pub(super) mod routes;
