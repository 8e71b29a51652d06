//! Whatever a document calls a thing, nothing of generated code is in its way: documents
//! with the names of the generator, of its macros and of the standard library compile
//! without a warning.

#![allow(clippy::all, clippy::pedantic, missing_docs)]

include!(concat!(env!("OUT_DIR"), "/names.rs"));

#[test]
fn every_operation_has_types() {
    assert!(NAMES.len() > 5, "{} documents", NAMES.len());
    for (made, document) in NAMES {
        let all_made = made.as_ref().map(|(made, operations)| made == operations);
        assert_eq!(all_made, Ok(true), "{document}");
    }
}
