//! What pictures cost, and what may be spent.

pub mod budget;
pub mod money;
pub mod prices;
