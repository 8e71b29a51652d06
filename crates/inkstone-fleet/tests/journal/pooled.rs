//! All of this works as well through PgBouncer, which pools transactions.

use std::process::Command;

use test_data::postgres::{Database, POOLED, has_pooler};

#[test]
fn all_of_this_works_through_a_pooler() {
    if std::env::var_os(POOLED).is_some() || !has_pooler() || Database::new().is_none() {
        return;
    }
    let own = std::env::current_exe().unwrap();
    let again = Command::new(own).env(POOLED, "1").output().unwrap();
    let said = String::from_utf8_lossy(&again.stdout);
    assert!(again.status.success(), "{said}");
    let passed = said
        .lines()
        .filter(|line| line.ends_with(" ... ok"))
        .count();
    assert!(passed > 10, "{said}");
}
