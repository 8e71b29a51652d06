//! What is answered beside the routes of the sandbox's own documents.

pub mod admin;
pub mod mock_call;
pub mod models;
