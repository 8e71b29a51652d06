//! Any document of Apifox or OpenAPI, answered for: requests are judged, and replies are its
//! examples or drawn from its schemas.

pub mod document;
pub mod error;
pub mod examples;
pub mod operation;
pub mod overlay;
pub mod refusal;
pub mod reply;
pub mod request;
pub mod schemas;
pub mod states;
pub mod target;
pub mod template;
