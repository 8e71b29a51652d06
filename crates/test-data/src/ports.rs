//! Ports for programs that can't be asked which they took.

use std::net::TcpListener;
use std::sync::atomic::{AtomicU16, Ordering};

/// A port of this machine that is free.
///
/// One that a listener had and gave back may be another test's a moment later, as systems hand
/// them out from 32,768 on; this one is below, and is nobody else's of this process.
///
/// # Panics
///
/// If none of them is free.
#[must_use]
pub fn free() -> u16 {
    static TAKEN: AtomicU16 = AtomicU16::new(0);
    // Processes begin at places of their own; what is left of the number is below 9,000.
    let begin = (std::process::id() % 600) as u16 * 15;
    let mut ports = (0..9_000).map(|_| {
        let next = TAKEN.fetch_add(1, Ordering::Relaxed);
        20_000 + begin.wrapping_add(next) % 9_000
    });
    let free = ports.find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok());
    assert!(free.is_some(), "no port from 20,000 to 29,000 is free");
    free.unwrap_or_default()
}
