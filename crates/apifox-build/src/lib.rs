//! Generates exact Rust types and endpoints from Apifox documents.
//!
//! A generated type accepts exactly the JSON that its schema accepts, or the
//! build stops and says where and why. Call it from `build.rs`:
//!
//! ```no_run
//! use std::process::ExitCode;
//!
//! fn main() -> ExitCode {
//!     match apifox_build::Builder::new("schemas").write("generated.rs") {
//!         Ok(report) => {
//!             println!("{report}");
//!             ExitCode::SUCCESS
//!         }
//!         Err(problems) => {
//!             eprintln!("{problems}");
//!             ExitCode::FAILURE
//!         }
//!     }
//! }
//! ```
//!
//! and include the result where the types are to be, in a crate that depends on
//! `apifox-runtime`, `serde` and `serde_json`:
//!
//! ```ignore
//! include!(concat!(env!("OUT_DIR"), "/generated.rs"));
//! ```
//!
//! Feature `review`, on by default: `lint` and `diff`, which say things of documents.
//! A build script needs neither, and is compiled sooner without.
//!
//! Data flows one way: [`source`] reads the documents and applies their
//! corrections, `lower` turns schemas into a plain model, `shapes` has typify
//! declare it, `emit` writes the code.

#![cfg_attr(test, allow(clippy::expect_used, clippy::unwrap_used))]

mod api;
mod assemble;
mod builder;
mod check;
mod circles;
mod code;
mod correct;
#[cfg(feature = "review")]
mod diff;
mod emit;
mod fence;
mod form;
mod inline;
pub mod keywords;
#[cfg(feature = "review")]
pub mod lint;
mod locate;
mod lower;
mod model;
mod names;
pub mod page;
mod picture;
mod print;
mod problem;
mod reindent;
mod render;
mod schema;
mod settings;
mod shapes;
pub mod source;
mod vet;
mod yaml;

pub use builder::{Builder, Report};
pub use check::{Meant, check};
pub use code::{Code, rust, rust_file, rust_text};
#[cfg(feature = "review")]
pub use diff::{Change, Diff, Effect, Relation, Role, Verdict, diff, diff_files};
#[cfg(feature = "review")]
pub use lint::{Finding, lint, lint_file};
pub use locate::Location;
pub use problem::{Problem, Problems};
pub use render::{Level, Look};
