//! Two witnesses for the documents of a crate: its generated types, and the crate
//! `jsonschema`, which shares no code with them.
//!
//! Each documented example is a test, and so is each body with values at and beyond the
//! limits of its schema. A crate whose `build.rs` generates types has them with a dependency
//! in `[dev-dependencies]`, a test without the usual harness, and one line:
//!
//! ```toml
//! [dev-dependencies]
//! apifox-conformance = { path = "…" }   # or git = "…"
//!
//! [[test]]
//! name = "conformance"
//! harness = false
//! ```
//!
//! ```ignore
//! apifox_conformance::tests!();
//! ```
//!
//! A document that is added to `schemas/` adds its tests. Examples that break their own schema
//! are listed in `tests/deviations.txt`, with the reason; what is missing there fails, and
//! so does what is there and fine. See [`Suite`] for more than that.

#![cfg_attr(test, allow(clippy::expect_used, clippy::unwrap_used))]

mod body;
mod derive;
mod document;
mod examples;
mod formats;
mod ledger;
mod patterns;
mod pool;
mod sample;
mod suite;
mod witness;

pub use body::Witness;
pub use suite::Suite;

/// The tests of all documents that this crate's `build.rs` generates types of: the whole of a
/// test with `harness = false`.
///
/// The generated file is `generated.rs`, or the one that is named. The ledger is
/// `tests/deviations.txt`; it may be missing.
#[macro_export]
macro_rules! tests {
    () => {
        $crate::tests!("generated.rs");
    };
    ($file:literal) => {
        #[allow(dead_code, missing_docs, clippy::all, clippy::pedantic)]
        mod generated {
            include!(concat!(env!("OUT_DIR"), "/", $file));
        }

        fn main() -> ::std::process::ExitCode {
            $crate::Suite::new(generated::OPERATIONS, generated::DOCUMENTS)
                .ledger_file(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/deviations.txt"))
                .run()
        }
    };
}
