//! The rules of the house, read from the sources: no modules that import each other in a
//! circle, crates that stand above what they use, vendors named only where they may be,
//! folders that can be read at a glance.

#![allow(clippy::expect_used, clippy::panic)]

mod circles;
mod crates;
mod folders;
mod imports;
mod manuals;
mod modules;
mod vendors;

use std::collections::BTreeSet;

/// Asserts that what was found is exactly what the ledger has.
fn assert_ledger(what: &str, found: &BTreeSet<String>, ledger: &[&str]) {
    let ledger: BTreeSet<String> = ledger.iter().map(|&row| row.to_owned()).collect();
    let new: Vec<&String> = found.difference(&ledger).collect();
    let gone: Vec<&String> = ledger.difference(found).collect();
    assert!(
        new.is_empty() && gone.is_empty(),
        "{what}: new {new:#?}, gone and to be deleted from the ledger {gone:#?}"
    );
}
