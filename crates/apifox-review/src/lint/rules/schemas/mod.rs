//! Rules about the keywords of schemas.

pub(super) mod bounds;
pub(super) mod defaults;
pub(super) mod discriminators;
pub(super) mod enums;
pub(super) mod keywords;
pub(super) mod patterns;
pub(super) mod required;
pub(super) mod types;
pub(super) mod values;
