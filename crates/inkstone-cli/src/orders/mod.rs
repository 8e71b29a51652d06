//! Orders of pictures, each submitted once: what callers of `serve` and agents of `mcp`
//! ask for. An [`order`] is claimed in the ledger, [`send`] sends it to one of the
//! [`targets`], and the [`dispatcher`] sees to both, whether or not the caller stays.

pub mod dispatcher;
pub mod order;
pub mod send;
pub mod start;
pub mod targets;
