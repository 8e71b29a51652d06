//! Two ways to do the same, timed turn by turn.

use std::time::{Duration, Instant};

/// How long one turn takes at least, to be long against the clock's own error.
const TURN: Duration = Duration::from_millis(20);

/// One way to do something; what it returns is thrown away by who times it.
pub type Way = Box<dyn Fn()>;

/// Ours and a peer's way to do the same.
pub struct Contest {
    /// What is done.
    pub what: &'static str,
    /// Whose way the peer's is.
    pub against: &'static str,
    /// How many times the peer's time ours may take.
    pub wanted: f64,
    /// Our way.
    pub ours: Way,
    /// The peer's.
    pub peer: Way,
}

/// How the times of both compare.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outcome {
    /// The median of our time divided by the peer's, turn by turn.
    pub ratio: f64,
    /// The lower and the upper quartile of the same.
    pub quartiles: (f64, f64),
}

impl Contest {
    /// Times both, in turns: what slows the machine down for a while slows both.
    #[must_use]
    pub fn run(&self, rounds: usize) -> Outcome {
        let repeats = [repeats(&self.ours), repeats(&self.peer)];
        let mut ratios: Vec<f64> = (0..rounds)
            .map(|round| self.round(round, repeats))
            .collect();
        ratios.sort_by(f64::total_cmp);
        let at = |quarter: usize| ratios[(ratios.len() - 1) * quarter / 4];
        Outcome {
            ratio: at(2),
            quartiles: (at(1), at(3)),
        }
    }

    /// One turn each; who goes first alternates.
    fn round(&self, round: usize, [ours, peer]: [u32; 2]) -> f64 {
        let (our_time, peer_time);
        if round.is_multiple_of(2) {
            our_time = time(&self.ours, ours);
            peer_time = time(&self.peer, peer);
        } else {
            peer_time = time(&self.peer, peer);
            our_time = time(&self.ours, ours);
        }
        our_time / peer_time
    }
}

/// How often `way` has to be repeated to fill a turn; this warms it up as well.
fn repeats(way: &Way) -> u32 {
    let mut repeats = 1;
    while time(way, repeats) * f64::from(repeats) < TURN.as_secs_f64() {
        repeats *= 2;
    }
    repeats
}

/// Seconds that `way` takes, on average.
fn time(way: &Way, repeats: u32) -> f64 {
    let start = Instant::now();
    for _ in 0..repeats {
        way();
    }
    start.elapsed().as_secs_f64() / f64::from(repeats)
}

#[cfg(test)]
mod tests {
    use super::Contest;
    use std::hint::black_box;

    fn work(steps: u64) -> super::Way {
        Box::new(move || {
            let sum = (0..black_box(steps)).fold(0_u64, |sum, step| sum ^ black_box(step));
            black_box(sum);
        })
    }

    #[test]
    fn ten_times_the_work_takes_about_ten_times_as_long() {
        let contest = Contest {
            what: "ten",
            against: "one",
            wanted: 1.0,
            ours: work(100_000),
            peer: work(10_000),
        };
        let outcome = contest.run(9);
        assert!((5.0..20.0).contains(&outcome.ratio), "{outcome:?}");
        assert!(outcome.quartiles.0 <= outcome.ratio && outcome.ratio <= outcome.quartiles.1);
    }
}
