//! Corrections of what the rules find.

pub(super) mod infer;
pub(super) mod patch;
pub(super) mod repair_json;
pub(super) mod suggest;
pub(super) mod widen;
