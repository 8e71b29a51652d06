//! What was paid for, at its edges: nothing is lost, nothing is billed twice, and what is said
//! is true.

mod arrived;
mod disk;
mod gone;
mod journal;
mod model;
mod refused;
mod secret;
mod signals;
mod studio;
mod told;
