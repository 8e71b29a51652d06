//! A model of what workers and the journal do with a job: claim, lease, fence, crash and late
//! reply. It is checked exhaustively, and its traces are played with the journal itself.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a failed test may panic")]

mod check;
mod job;
mod play;
