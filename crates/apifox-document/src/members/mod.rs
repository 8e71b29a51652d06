//! What becomes of every member of every object that a document may have.
//!
//! [`ObjectKind::members`] is the table: a member is used, an annotation, or reported as not
//! supported, and a member that is not in it is reported as unknown. [`walk`] goes through a
//! document along the table; [`report`] says what it found. What a schema holds is judged by
//! [`KEYWORDS`](crate::schema::keywords::KEYWORDS).

mod expand;
mod kind;
pub mod listing;
mod member;
mod report;
mod rows;
pub(crate) mod spelling;
mod subject;
mod table;
mod walk;

pub(crate) use expand::expand_references;
pub use kind::{KINDS, ObjectKind};
pub use member::{Fate, Holds, Member};
pub use report::report;
pub(crate) use report::report_at;
pub use spelling::Spelling;
pub use subject::subject;
pub(crate) use table::{ONE_ADDRESS, ONE_ADDRESS_HELP};
pub use walk::{Finding, Problem, Visit, is_extension_of, walk};
