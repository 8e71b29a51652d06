//! All of this works as well through PgBouncer, which pools transactions.

use test_data::postgres::passes_through_a_pooler;

#[test]
fn all_of_this_works_through_a_pooler() {
    passes_through_a_pooler(&[]);
}
