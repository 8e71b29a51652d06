//! `inkstone batch`.

mod budget;
mod complete;
mod failures;
mod interrupt;
mod jobs;
mod mistaken;
mod tasks;
