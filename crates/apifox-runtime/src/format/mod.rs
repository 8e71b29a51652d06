//! Formats of strings and numbers: what each one accepts, and a type for it.

pub(crate) mod duration;
pub(crate) mod email;
#[cfg(feature = "jiff")]
mod jiff;
pub(crate) mod named;
pub(crate) mod numbers;
pub(crate) mod rfc3339;
pub(crate) mod texts;
pub(crate) mod uri;
#[cfg(feature = "url")]
mod url;
#[cfg(feature = "uuid")]
mod uuid;
