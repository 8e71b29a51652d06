//! Whatever a document calls a thing, nothing of generated code is in its way: documents
//! with the names of the generator, of its macros and of the standard library compile
//! without a warning.

#![allow(clippy::all, clippy::pedantic, missing_docs)]

// The compiler reads what is generated once, when it is tested; its style is nobody's.
#[cfg(not(clippy))]
include!(concat!(env!("OUT_DIR"), "/names.rs"));
#[cfg(clippy)]
pub static NAMES: &[(Result<(usize, usize), &str>, &str)] = &[];

#[test]
fn every_operation_has_types() {
    assert!(NAMES.len() > 5, "{} documents", NAMES.len());
    for (made, document) in NAMES {
        let all_made = made.as_ref().map(|(made, operations)| made == operations);
        assert_eq!(all_made, Ok(true), "{document}");
    }
}
