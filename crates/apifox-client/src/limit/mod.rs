//! Keeps calls within the limits of an API.

mod limiter;
mod pattern;

pub use limiter::{Limit, LimitRequest, LimitScope, Limiter, Permit};
pub use pattern::find_pattern;
