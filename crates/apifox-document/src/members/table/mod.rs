//! The rows of the table, by the specification that they are from.

pub(super) mod openapi;
pub(super) mod project;
pub(super) mod security;
pub(super) mod swagger;
