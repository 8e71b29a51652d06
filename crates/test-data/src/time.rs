//! How long work takes, whatever else the machine does.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// What is shorter is not told from chance.
const LEAST: Duration = Duration::from_millis(200);
/// Half of what growing by the square comes to.
const LONGEST_RATIO: u32 = 8;

/// The time that this thread has had a processor; elsewhere than on Linux, the time.
///
/// # Returns
///
/// The time since a moment that stays the same for this thread.
pub fn on_processor() -> Duration {
    static START: OnceLock<Instant> = OnceLock::new();
    let start = START.get_or_init(Instant::now);
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    match text.split(' ').next().map(str::parse) {
        Some(Ok(nanoseconds)) => Duration::from_nanos(nanoseconds),
        _ => start.elapsed(),
    }
}

/// Holds that `work` takes about four times as long for four times as much as `size`.
///
/// # Panics
///
/// If it takes more than eight times as long.
#[track_caller]
pub fn grows_with_its_input<T>(size: usize, input: fn(usize) -> T, work: impl Fn(&T)) {
    let took = |size: usize| {
        let input = input(size);
        let once = || {
            let started = on_processor();
            work(&input);
            on_processor() - started
        };
        once().min(once())
    };
    let (few, many) = (took(size), took(4 * size));
    assert!(
        many < LONGEST_RATIO * few.max(LEAST),
        "{few:?} for {size}, then {many:?}"
    );
}
