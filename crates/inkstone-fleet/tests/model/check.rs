//! All states that the model can reach.

use stateright::{Checker as _, Model as _};

use crate::job::OneJob;

#[test]
fn no_order_of_steps_bills_twice_or_loses() {
    let checker = OneJob.checker().threads(2).spawn_bfs().join();
    checker.assert_properties();
    let states = checker.unique_state_count();
    assert!(
        states > 1000,
        "only {states} states: the model is bound too tightly"
    );
}
