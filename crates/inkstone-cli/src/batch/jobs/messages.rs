//! Messages of which there may be very many.

use tr::tr;

/// The first messages, and how many there are in all.
pub struct Messages {
    most: usize,
    kept: Vec<String>,
    count: usize,
}

impl Messages {
    /// None yet; at most so many are kept.
    pub fn new(most: usize) -> Self {
        Self {
            most,
            kept: Vec::new(),
            count: 0,
        }
    }

    /// Adds a message.
    pub fn add(&mut self, message: impl FnOnce() -> String) {
        self.count += 1;
        if self.kept.len() < self.most {
            self.kept.push(message());
        }
    }

    /// How many there are in all.
    pub fn count(&self) -> usize {
        self.count
    }

    /// The first, and behind them how many more there are.
    pub fn finish(mut self) -> Vec<String> {
        let others = self.count - self.kept.len();
        if others > 0 {
            self.kept.push(tr!("… and {others} more", others));
        }
        self.kept
    }
}
