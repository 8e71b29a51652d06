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
//! Data flows one way: `apifox-document` reads the documents and applies their
//! corrections, `lower` turns schemas into a plain model, `typify_bridge` has typify
//! declare it, `emit` writes the code.

#![cfg_attr(test, allow(clippy::expect_used, clippy::unwrap_used))]

mod annotate;
mod builder;
mod code;
mod code_span;
mod emit;
mod kind;
mod lower;
mod model;
mod module_tree;
mod named_places;
mod names;
mod outline;
mod pages;
mod print;
mod schema;
mod schemars_form;
mod settings;
mod typify_bridge;

pub use annotate::formats::FORMATS;
pub use apifox_document::{ColorChoice, Diagnostic, Diagnostics, Location, Severity, Style};
pub use builder::{Builder, Report};
pub use code::{Code, Standalone, rust, rust_file, rust_text};
pub use pages::Pages;
