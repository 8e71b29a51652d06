//! What changed between two documents, for those who call the API.
//!
//! The sets of accepted values are compared, not texts. A request that was accepted has
//! to stay accepted, so a schema of requests may grow; a reply has to be one that could
//! come before, so a schema of replies may shrink. Reordered keys, a reference instead of
//! its target, renamed models, `const` instead of an `enum` of one and the like are no
//! changes; descriptions, defaults and formats are reported as neutral.
//!
//! Nothing breaking is reported as less: where two schemas can't be compared, the change
//! is [`Relation::Unknown`] and counts as breaking. Some cases are decided by practice
//! rather than by sets:
//!
//! - A property that only the new document names is additive: so far it could hold
//!   anything, if anybody sent it. If it is required, it breaks requests.
//! - A property that only the old document names is gone: requests with it are still
//!   accepted, which is additive; replies without it break their readers.
//! - Parameters and fields of forms are a closed list: one that is gone breaks requests.
//! - A new status of success breaks callers, and so does one that is no longer described,
//!   unless a reply for its range or for all statuses is; a status of failure is additive, as
//!   any call may fail in ways that are not listed.

mod annotation_memory;
mod annotations;
mod api_comparison;
mod bodies;
mod change;
mod credentials;
mod describe;
mod documents;
mod operations;
mod parameters;
mod replies;
mod report;
mod schema;
mod uncompared;
mod unread;

pub use change::{Change, Effect, Relation, Role, Verdict};
pub use documents::{diff, diff_files};
pub use report::{Diff, DistinctChange};
