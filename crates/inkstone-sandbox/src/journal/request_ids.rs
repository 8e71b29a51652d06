//! Ids of requests and tasks.

use inkstone_painting::Random;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// Numbers requests, differently each time the server starts.
pub struct Ids {
    start: u64,
    next: AtomicU64,
}

impl Ids {
    pub fn new() -> Self {
        let elapsed = SystemTime::now().duration_since(UNIX_EPOCH);
        Self {
            start: elapsed.map_or(0, |elapsed| elapsed.as_nanos() as u64),
            next: AtomicU64::new(0),
        }
    }

    /// An id in the form of a UUID.
    pub fn next(&self) -> String {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        // The generator's steps never repeat, so neither does the first half.
        uuid(&mut Random(self.start ^ number.rotate_left(32)))
    }
}

/// A UUID of random numbers.
pub fn uuid(random: &mut Random) -> String {
    let (high, low) = (random.number(), random.number());
    format!(
        "{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}",
        high >> 32,
        high >> 16 & 0xffff,
        high & 0xfff,
        low >> 52,
        low & 0xffff_ffff_ffff,
    )
}
