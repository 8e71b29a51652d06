//! A batch on many machines: a journal that all of them share, in PostgreSQL, and a store for
//! the pictures. See `docs/fleet.md` of the repository.

mod connect;
mod error;
mod journal;
mod store;
mod traces;

pub use connect::Settings;
pub use error::{Error, StoreError};
pub use journal::claim::{Claim, Claimed, Held, JobRow, Worker};
pub use journal::control::{BatchRow, Control, Overview};
pub use journal::export::ExportedJob;
pub use journal::intake::{NewBatch, NewJob, TakenIn};
pub use journal::note::{Event, Noted, PictureRow};
pub use journal::tasks::{FoundTask, LostRow, UnknownRow};
pub use journal::{DatabaseTime, Journal};
pub use store::{Put, Store};
pub use traces::{TraceLayer, Traces};
