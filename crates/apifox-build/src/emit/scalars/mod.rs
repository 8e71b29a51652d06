//! Types of single values.

pub(super) mod constants;
pub(super) mod numbers;
pub(super) mod sizes;
pub(super) mod suggestions;
pub(super) mod texts;
