//! Does two things at once, where there are threads.

use std::panic::resume_unwind;
use std::thread::{self, ScopedJoinHandle};

/// The stack of the second: who reads documents that nest deeply has a large one.
const STACK: usize = 64 << 20;

/// What `make` makes of each of two, of the second on another processor if there is one.
pub fn both<'v, V: Sync + ?Sized, T: Send>(
    first: &'v V,
    second: &'v V,
    make: impl Fn(&'v V) -> T + Sync,
) -> (T, T) {
    thread::scope(|scope| {
        let beside = thread::Builder::new().stack_size(STACK);
        let beside = beside.spawn_scoped(scope, || make(second));
        let first = make(first);
        let second = match beside.map(ScopedJoinHandle::join) {
            Ok(Ok(second)) => second,
            Ok(Err(panic)) => resume_unwind(panic),
            // A browser has no threads, and a system may have no more.
            Err(_) => make(second),
        };
        (first, second)
    })
}
