//! What was asked for, as far as that is known when the pictures come.

use std::path::Path;

use serde_json::Value;

use crate::stamp::Stamp;

/// A request that is on its way, and where what comes of it goes.
pub struct Sent<'a> {
    pub api: &'a str,
    /// The document of its operation; not known of a task that was submitted elsewhere,
    /// and neither are its model and its body.
    pub document: Option<&'a str>,
    pub model: Option<&'a str>,
    pub body: &'a Value,
    pub task_id: Option<&'a str>,
    pub stamp: Stamp,
    pub out: &'a Path,
}
