//! What requests cost.

pub mod money;
pub mod prices;
pub mod quote;
pub mod worst;
