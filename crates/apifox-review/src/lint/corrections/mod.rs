//! Corrections of what the rules find.

pub(super) mod infer;
pub(super) mod lenient;
pub(super) mod patch;
pub(super) mod suggest;
pub(super) mod widen;
