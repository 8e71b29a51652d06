//! The request that pictures belong to, as far as it is known.

use std::path::Path;

use serde_json::Value;

use crate::output::input::Input;
use crate::output::names::stamp::Stamp;

/// A request, and the directory for its pictures.
pub struct RequestContext<'a> {
    pub api: &'a str,
    /// The document of its operation. Document, model and body are not known for a task
    /// that was submitted elsewhere.
    pub document: Option<&'a str>,
    pub model: Option<&'a str>,
    pub body: &'a Value,
    /// The files that its pictures are from.
    pub inputs: &'a [Input],
    pub task_id: Option<&'a str>,
    pub stamp: Stamp,
    pub out: &'a Path,
}
