//! Work that takes long, away from the threads that wait for networks.

use std::panic::resume_unwind;

use tokio::runtime::Handle;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

/// A body of so many bytes is parsed and decoded elsewhere. In unoptimised code, which
/// takes some 100 ns a byte, a smaller one holds up other calls for 25 ms at most.
const LARGE: usize = 256 * 1024;

/// One large body at a time is made a tree of, which may take a hundred times its bytes of memory.
static TURN: Semaphore = Semaphore::const_new(1);

/// Whether a body of so many bytes is parsed and decoded elsewhere.
pub(crate) const fn is_large(bytes: usize) -> bool {
    bytes >= LARGE
}

/// The result of `work` on a body of so many bytes. Where the future is dropped before, as
/// by a deadline, the work is finished and its result dropped.
pub(crate) async fn offload<T: Send + 'static>(
    bytes: usize,
    work: impl FnOnce() -> T + Send + 'static,
) -> T {
    if !is_large(bytes) || Handle::try_current().is_err() {
        return work();
    }
    // It is never closed; were it, there would be no reason to wait. The turn ends with the work,
    // also where nobody waits for that any more.
    let turn = TURN.acquire().await;
    let work = move || {
        let _turn = turn;
        work()
    };
    match spawn_blocking(work).await {
        Ok(done) => done,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => resume_unwind(panic),
            // The runtime shuts down, and nobody waits any more.
            Err(_) => std::future::pending().await,
        },
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::time::Duration;

    use super::{LARGE, offload};
    use crate::call::Deadline;

    #[tokio::test]
    async fn large_works_take_turns_and_one_that_nobody_waits_for_keeps_its() {
        static UNDER_WAY: AtomicU32 = AtomicU32::new(0);
        let work = || {
            assert_eq!(UNDER_WAY.fetch_add(1, Ordering::SeqCst), 0);
            std::thread::sleep(Duration::from_millis(50));
            UNDER_WAY.fetch_sub(1, Ordering::SeqCst);
        };
        let deadline = Deadline::after(Some(Duration::from_millis(10)));
        assert!(deadline.run(offload(LARGE, work)).await.is_err());
        tokio::join!(offload(LARGE, work), offload(LARGE, work));
    }

    #[tokio::test]
    async fn large_work_leaves_the_thread_and_a_deadline_passes_meanwhile() {
        let here = std::thread::current().id();
        let thread = || std::thread::current().id();
        assert_eq!(offload(LARGE - 1, thread).await, here);
        assert_ne!(offload(LARGE, thread).await, here);
        let slow = || std::thread::sleep(Duration::from_millis(500));
        let deadline = Deadline::after(Some(Duration::from_millis(20)));
        let passed = deadline.run(offload(LARGE, slow)).await;
        assert!(passed.is_err());
    }
}
