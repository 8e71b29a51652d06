//! What several jobs wait for, done once for all of them: the disk takes as long for many
//! changes as for one.

use std::cell::RefCell;

use tokio::sync::{Mutex, oneshot};
use tokio::task::yield_now;

/// Rounds of something slow. Whoever joins is part of the next round to begin, never of one
/// that is under way.
pub struct Together<T> {
    /// Who is told how the next round ended, beside the one that leads it; `None` where
    /// nobody does.
    next: RefCell<Option<Vec<oneshot::Sender<T>>>>,
    /// One round at a time: others gather meanwhile.
    turn: Mutex<()>,
}

impl<T> Default for Together<T> {
    fn default() -> Self {
        Self {
            next: RefCell::new(None),
            turn: Mutex::new(()),
        }
    }
}

impl<T: Clone> Together<T> {
    /// Whether somebody waits for the next round.
    pub fn is_awaited(&self) -> bool {
        self.next.borrow().is_some()
    }

    /// How the next round ends, of which `round` is the work.
    pub async fn join(&self, round: impl AsyncFn() -> T) -> T {
        loop {
            let told = match &mut *self.next.borrow_mut() {
                Some(others) => {
                    let (tell, told) = oneshot::channel();
                    others.push(tell);
                    Some(told)
                }
                next @ None => {
                    *next = Some(Vec::new());
                    None
                }
            };
            let Some(told) = told else {
                return self.lead(round).await;
            };
            // Nobody tells where the one that led was broken off: then another leads.
            if let Ok(outcome) = told.await {
                return outcome;
            }
        }
    }

    async fn lead(&self, round: impl AsyncFn() -> T) -> T {
        let leader = Leader(self);
        let turn = self.turn.lock().await;
        // Whoever has something ready joins.
        yield_now().await;
        let others = leader.begin();
        let outcome = round().await;
        drop(turn);
        for other in others {
            // One that was broken off is told nothing.
            let _ = other.send(outcome.clone());
        }
        outcome
    }
}

/// Whoever leads the next round, until it begins.
struct Leader<'a, T>(&'a Together<T>);

impl<T> Leader<'_, T> {
    fn begin(self) -> Vec<oneshot::Sender<T>> {
        self.0.next.take().unwrap_or_default()
    }
}

impl<T> Drop for Leader<'_, T> {
    fn drop(&mut self) {
        self.0.next.take();
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::time::Duration;

    use futures_util::StreamExt as _;
    use futures_util::stream::FuturesUnordered;
    use tokio::time::{sleep, timeout};

    use super::Together;

    const PAUSE: Duration = Duration::from_millis(5);

    #[tokio::test]
    async fn a_round_is_for_all_who_came_before_it_began() {
        let together = Together::default();
        let (begun, ended, changes) = (Cell::new(0), Cell::new(0), Cell::new(0));
        let round = async || {
            assert_eq!(begun.get(), ended.get(), "one round at a time");
            begun.set(begun.get() + 1);
            let seen = changes.get();
            sleep(PAUSE).await;
            ended.set(ended.get() + 1);
            seen
        };
        let job = async |number: u32| {
            for step in 0..5 {
                sleep(PAUSE * (number * step % 7)).await;
                changes.set(changes.get() + 1);
                let own = changes.get();
                let seen = together.join(round).await;
                assert!(seen >= own, "the round began before this change");
            }
        };
        let all: FuturesUnordered<_> = (0..40).map(job).collect();
        all.collect::<Vec<()>>().await;
        assert_eq!(changes.get(), 200);
        assert!((5..60).contains(&ended.get()), "{} rounds", ended.get());
        assert!(!together.is_awaited());
    }

    #[tokio::test]
    async fn where_the_leader_is_broken_off_another_leads() {
        let together = Together::default();
        let led = Cell::new(0);
        let slow = async || sleep(Duration::from_secs(3600)).await;
        let quick = async || led.set(led.get() + 1);
        // Before its round began, and while it is under way.
        for pause in [Duration::ZERO, PAUSE] {
            let first = timeout(pause, together.join(slow));
            let others = async {
                let joined = [together.join(quick), together.join(quick)];
                joined
                    .into_iter()
                    .collect::<FuturesUnordered<_>>()
                    .count()
                    .await
            };
            let (first, others) = tokio::join!(first, timeout(100 * PAUSE, others));
            assert!(first.is_err(), "it was broken off");
            assert_eq!(others, Ok(2));
        }
        assert!(led.get() >= 2);
    }
}
