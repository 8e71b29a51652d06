//! How much of the thread's stack decoding and checking use.
//!
//! A type that contains itself is decoded as deeply as the value is nested. Each level
//! takes as much of the stack as the type has fields, in unoptimised code many times more
//! than optimised; so it is not levels that are counted.

use std::cell::Cell;
use std::hint::black_box;

/// The most bytes to use: half of what a worker of tokio has.
const MOST: usize = 1 << 20;

/// No address in a stack.
const NOWHERE: usize = 0;

thread_local! {
    /// An address in the stack where decoding started, while something is decoded.
    static START: Cell<usize> = const { Cell::new(NOWHERE) };
}

/// Measures until it is dropped, after a panic as well.
#[must_use = "what is not kept measures nothing"]
pub(crate) struct Measured {
    /// Whether nothing was measured before.
    is_outermost: bool,
}

impl Drop for Measured {
    fn drop(&mut self) {
        if self.is_outermost {
            START.set(NOWHERE);
        }
    }
}

/// Until what this returns is dropped, it is known how much of the stack is used.
pub(crate) fn measured() -> Measured {
    let is_outermost = START.get() == NOWHERE;
    if is_outermost {
        START.set(here());
    }
    Measured { is_outermost }
}

/// Whether there is too little left to go deeper.
#[inline]
pub(crate) fn is_exhausted() -> bool {
    let start = START.get();
    start != NOWHERE && start.abs_diff(here()) > MOST
}

/// About where in the stack the caller is.
#[inline]
fn here() -> usize {
    let local = 0_u8;
    std::ptr::from_ref(black_box(&local)).addr()
}
