//! What inkstone costs, side by side with what would be picked instead.
//!
//! A [`Contest`] is two ways to do the same, ours and a peer's. Each asserts its
//! results before it is timed. `cargo bench -p inkstone-bench` times them one after
//! the other with criterion, and then against each other, turn by turn: that is the
//! table in docs/performance.md.

// A benchmark that can't be set up has nothing to measure.
#![allow(clippy::expect_used)]

pub mod by_garde;
pub mod contest;
pub mod hand;
pub mod operations;
pub mod requests;

pub use contest::Contest;

/// What is measured within a process, as far as it is `wanted` by its name: setting
/// up the last takes a while.
#[must_use]
pub fn contests(wanted: impl Fn(&str) -> bool) -> Vec<Contest> {
    let mut all = requests::contests();
    all.retain(|contest| wanted(contest.what));
    if wanted(operations::WHAT) {
        all.push(operations::contest());
    }
    all
}
