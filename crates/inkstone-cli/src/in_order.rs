//! Work on many threads whose results come in the order of what they were made of.

use std::collections::VecDeque;
use std::sync::mpsc::sync_channel;
use std::thread;

/// How many items wait for each thread, beside the one that it works on.
const WAITING: usize = 2;

/// Has each item that `next` has worked on, by one of so many threads, and hands the results to
/// `take` in the order of the items. Each thread makes a `worker` for itself. Few items are in
/// memory at a time. An error of `next` or `take` ends it.
pub fn in_order<I: Send, O: Send, W: FnMut(I) -> O, E>(
    threads: usize,
    mut next: impl FnMut() -> Result<Option<I>, E>,
    worker: impl Fn() -> W + Sync,
    mut take: impl FnMut(O) -> Result<(), E>,
) -> Result<(), E> {
    thread::scope(|scope| {
        let workers = (0..threads.max(1)).map(|_| {
            let (give, given) = sync_channel::<I>(WAITING);
            let (answer, answers) = sync_channel::<O>(WAITING);
            let worker = &worker;
            scope.spawn(move || {
                let mut work = worker();
                // Either end of it goes away when there is an error.
                while let Ok(item) = given.recv()
                    && answer.send(work(item)).is_ok()
                {}
            });
            (give, answers)
        });
        let workers: Vec<_> = workers.collect();
        // Whose turn it is to answer: as many as have something to do.
        let mut asked = VecDeque::new();
        for (give, answers) in workers.iter().cycle() {
            let Some(item) = next()? else { break };
            // A thread that panicked has the scope panic.
            let _ = give.send(item);
            asked.push_back(answers);
            if asked.len() > WAITING * workers.len()
                && let Some(answers) = asked.pop_front()
                && let Ok(answer) = answers.recv()
            {
                take(answer)?;
            }
        }
        asked
            .into_iter()
            .filter_map(|answers| answers.recv().ok())
            .try_for_each(take)
    })
}

/// How many threads there is something to do for.
pub fn threads() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::in_order;

    #[test]
    fn results_come_in_order_and_few_are_in_memory() {
        for threads in [0, 1, 2, 7] {
            for count in [0, 1, 5, 300] {
                let (read, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
                let next = || {
                    let at = read.fetch_add(1, Ordering::Relaxed);
                    let ahead = at - done.load(Ordering::Relaxed);
                    assert!(ahead <= 3 * threads.max(1) + 1, "{ahead} are in memory");
                    Ok::<_, ()>((at < count).then_some(at))
                };
                let work = |at: usize| {
                    // Those that come first take longest.
                    std::thread::sleep(Duration::from_micros((at as u64 * 7919) % 90));
                    at
                };
                let mut taken = Vec::new();
                let took = in_order(
                    threads,
                    next,
                    || work,
                    |at| {
                        done.fetch_add(1, Ordering::Relaxed);
                        taken.push(at);
                        Ok(())
                    },
                );
                assert_eq!(took, Ok(()));
                assert_eq!(taken, (0..count).collect::<Vec<_>>());
            }
        }
    }

    #[test]
    fn an_error_ends_it() {
        let mut numbers = 0..;
        let take = |number: u32| (number < 100).then_some(()).ok_or("enough");
        let took = in_order(3, || Ok(numbers.next()), || |number| number, take);
        assert_eq!(took, Err("enough"));
        let mut left = 10;
        let next = || {
            left -= 1;
            (left > 0).then_some(Some(left)).ok_or("unreadable")
        };
        assert_eq!(
            in_order(3, next, || |number| number, |_| Ok(())),
            Err("unreadable")
        );
    }
}
