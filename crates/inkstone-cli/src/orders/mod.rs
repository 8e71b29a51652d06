//! Orders of pictures, each submitted once: what callers of `serve` and agents of `mcp`
//! ask for. An [`order`] is claimed in the ledger, [`send`] sends it to one of the
//! [`targets`], [`kept`] keeps the reply until its pictures are saved, and the [`dispatcher`] sees
//! to all of it, whether or not the caller stays. [`go_on`] goes on with what was begun before.

pub mod dispatcher;
pub mod go_on;
mod kept;
pub mod order;
pub mod send;
pub mod start;
pub mod targets;
