//! Work that takes long, away from the threads that wait for networks.

use std::panic::resume_unwind;

use bytes::Bytes;
use tokio::runtime::Handle;
use tokio::sync::Semaphore;
use tokio::task::{JoinError, JoinSet, spawn_blocking};

use crate::lenient::has_more_values;

/// A body of so many bytes is parsed and decoded elsewhere. In unoptimised code, which
/// takes some 100 ns a byte, a smaller one holds up other calls for 25 ms at most.
const LARGE: usize = 256 * 1024;

/// A body of more values than so many has its turn, as a tree of it may take a hundred times its
/// bytes of memory.
const MANY: usize = 1 << 16;

static TURN: Semaphore = Semaphore::const_new(1);

/// Whether a body of so many bytes is parsed and decoded elsewhere.
pub(crate) const fn is_large(bytes: usize) -> bool {
    bytes >= LARGE
}

/// The result of `work` on a body. Where the future is dropped before, as by a deadline, work that
/// has begun is finished and its result dropped.
pub(crate) async fn offload<T: Send + 'static>(
    body: &Bytes,
    work: impl FnOnce() -> T + Send + 'static,
) -> T {
    if !is_large(body.len()) || Handle::try_current().is_err() {
        return work();
    }
    // Whoever waits for a turn has it in time, whether or not this future is polled then. The turn
    // ends with the work, also where nobody waits for that any more.
    let mut tasks = JoinSet::new();
    tasks.spawn(in_turn(body.clone(), work));
    let done = tasks.join_next().await.map(Result::flatten);
    match done.map(|done| done.map_err(JoinError::try_into_panic)) {
        Some(Ok(done)) => done,
        Some(Err(Ok(panic))) => resume_unwind(panic),
        // The runtime shuts down, and nobody waits any more.
        _ => std::future::pending().await,
    }
}

async fn in_turn<T: Send + 'static>(
    body: Bytes,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, JoinError> {
    let counting = spawn_blocking(move || has_more_values(&body, MANY));
    // It is never closed; were it, there would be no reason to wait.
    let turn = match counting.await? {
        true => TURN.acquire().await.ok(),
        false => None,
    };
    let working = spawn_blocking(move || {
        let _turn = turn;
        work()
    });
    working.await
}

#[cfg(test)]
mod tests {
    use std::future::Future;
    use std::pin::{Pin, pin};
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::task::{Context, Poll, Waker};
    use std::time::{Duration, Instant};

    use bytes::Bytes;
    use tokio::time::{sleep, timeout};

    use super::{LARGE, offload};
    use crate::call::Deadline;

    /// Held by each test: they share the turn.
    static ALONE: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

    const PAUSE: Duration = Duration::from_millis(50);

    fn many() -> Bytes {
        Bytes::from("[],".repeat(LARGE))
    }

    fn few() -> Bytes {
        Bytes::from(vec![b'a'; LARGE])
    }

    fn poll_once<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
        future.poll(&mut Context::from_waker(Waker::noop()))
    }

    #[tokio::test]
    async fn works_on_many_values_take_turns_and_one_that_nobody_waits_for_keeps_its() {
        static UNDER_WAY: AtomicU32 = AtomicU32::new(0);
        let _alone = ALONE.lock().await;
        let work = || {
            assert_eq!(UNDER_WAY.fetch_add(1, Ordering::SeqCst), 0);
            std::thread::sleep(PAUSE);
            UNDER_WAY.fetch_sub(1, Ordering::SeqCst);
        };
        let body = many();
        let mut first = Box::pin(offload(&body, work));
        assert!(poll_once(first.as_mut()).is_pending());
        while UNDER_WAY.load(Ordering::SeqCst) == 0 {
            sleep(Duration::from_millis(1)).await;
        }
        drop(first);
        tokio::join!(offload(&body, work), offload(&body, work));
    }

    #[tokio::test]
    async fn works_on_few_values_do_not_wait_for_each_other() {
        static UNDER_WAY: AtomicU32 = AtomicU32::new(0);
        let meet = || {
            UNDER_WAY.fetch_add(1, Ordering::SeqCst);
            let since = Instant::now();
            while UNDER_WAY.load(Ordering::SeqCst) < 2 && since.elapsed().as_secs() < 10 {
                std::thread::sleep(Duration::from_millis(1));
            }
            UNDER_WAY.load(Ordering::SeqCst)
        };
        let body = few();
        assert_eq!(
            tokio::join!(offload(&body, meet), offload(&body, meet)),
            (2, 2)
        );
    }

    /// As a `buffer_unordered` is not polled while whoever takes from it awaits something else.
    #[tokio::test]
    async fn who_waits_for_a_turn_and_is_not_polled_holds_nobody_up() {
        let _alone = ALONE.lock().await;
        let body = many();
        let slow = || std::thread::sleep(PAUSE);
        let mut first = pin!(offload(&body, slow));
        assert!(poll_once(first.as_mut()).is_pending());
        let mut queued = pin!(offload(&body, slow));
        assert!(poll_once(queued.as_mut()).is_pending());
        sleep(PAUSE / 2).await;
        let later = timeout(Duration::from_secs(20), offload(&body, slow));
        assert!(later.await.is_ok());
    }

    #[tokio::test]
    async fn large_work_leaves_the_thread_and_a_deadline_passes_meanwhile() {
        let here = std::thread::current().id();
        let thread = || std::thread::current().id();
        assert_eq!(offload(&few().slice(1..), thread).await, here);
        assert_ne!(offload(&few(), thread).await, here);
        let slow = || std::thread::sleep(Duration::from_millis(500));
        let deadline = Deadline::after(Some(Duration::from_millis(20)));
        let body = few();
        let passed = deadline.run(offload(&body, slow)).await;
        assert!(passed.is_err());
    }
}
