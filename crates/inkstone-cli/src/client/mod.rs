//! Where requests go, how they are waited for, and how calls fail.

pub mod address;
pub mod call_error;
pub mod client_setup;
pub mod interrupt;
pub mod local_sandbox;
pub mod outcome;
pub mod progress;
pub mod retry_notice;
pub mod runtime;
pub mod secret;
pub mod stage_name;
