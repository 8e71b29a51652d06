//! What a run takes: time on the processor, which other work on the machine does not
//! change, and memory at most.

use std::fmt;
use std::time::{Duration, Instant};

use test_data::time::on_processor;

/// As much as a worker of tokio, or any thread of Rust's, has.
const STACK: usize = 2 << 20;
/// A run that takes longer has failed.
const LONGEST: Duration = Duration::from_secs(300);

/// What a run took.
pub struct Cost {
    microseconds: u64,
    kibibytes: u64,
}

impl Cost {
    /// Differences below these are not told from chance.
    const LEAST: Self = Self {
        microseconds: 40_000,
        kibibytes: 8_192,
    };

    pub fn parse(text: &str) -> Result<Self, String> {
        let line = text.lines().last().unwrap_or_default();
        let mut numbers = line.split(' ').map(str::parse);
        match (numbers.next(), numbers.next()) {
            (Some(Ok(microseconds)), Some(Ok(kibibytes))) => Ok(Self {
                microseconds,
                kibibytes,
            }),
            _ => Err(format!("{text:?} is no cost")),
        }
    }

    pub fn is_at_most_fivefold(&self, other: &Self) -> bool {
        let least = Self::LEAST;
        self.microseconds <= 5 * other.microseconds.max(least.microseconds)
            && self.kibibytes <= 5 * other.kibibytes.max(least.kibibytes)
    }
}

impl fmt::Display for Cost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            microseconds,
            kibibytes,
        } = self;
        write!(f, "{} ms {} MiB", microseconds / 1000, kibibytes / 1024)
    }
}

/// Runs `work` in a small stack and prints what it took.
pub fn run(work: fn(usize), size: usize) {
    // The process ends with its main thread.
    let ended = std::thread::Builder::new()
        .stack_size(STACK)
        .spawn(move || {
            let start = on_processor();
            work(size);
            on_processor() - start
        })
        .expect("a thread");
    let start = Instant::now();
    while !ended.is_finished() {
        assert!(start.elapsed() < LONGEST, "took over {LONGEST:?}");
        std::thread::sleep(Duration::from_millis(2));
    }
    let time = ended.join().expect("no panic");
    println!("{} {}", time.as_micros(), most_memory());
}

/// The most memory that this process has had, in KiB; elsewhere than on Linux, 0.
fn most_memory() -> u64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.trim().strip_suffix(" kB"));
    number.and_then(|number| number.parse().ok()).unwrap_or(0)
}
