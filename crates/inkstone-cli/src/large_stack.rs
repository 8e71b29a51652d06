//! A stack for documents, which nest deeper than most threads' stacks allow.

use std::{io, thread};

use crate::language::{in_chinese, is_translated};

/// In bytes; what is not used takes no memory.
const SIZE: usize = 64 << 20;

/// Runs `work` in a thread of its own; an error where there can be none. The result is an error
/// where `work` panicked.
pub fn run<T: Send>(work: impl FnOnce() -> T + Send) -> io::Result<thread::Result<T>> {
    // What is said in a thread is in a language of its own.
    let is_chinese = is_translated();
    thread::scope(|scope| {
        let thread = thread::Builder::new().stack_size(SIZE);
        let started = thread.spawn_scoped(scope, move || in_chinese(is_chinese, work))?;
        Ok(started.join())
    })
}
