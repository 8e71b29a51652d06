//! `inkstone generate`.

mod any_bytes;
mod dry_run;
mod edits;
mod failures;
mod faults;
mod interrupt;
mod pictures;
mod spool;
