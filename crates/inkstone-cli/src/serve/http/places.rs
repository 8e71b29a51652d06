//! How many connections there may be at a time. Where all places are taken, who has gone longest
//! without a request gives up its own, so that nobody is kept out by those who ask for nothing.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::{Context, Poll};
use std::time::Duration;

use hyper::body::{Body, Frame, SizeHint};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout};

use crate::serve::http::watched::Hearing;

/// How long one that was asked to give up its place may take before another is asked.
const EVERY: Duration = Duration::from_millis(100);

/// How long nobody is asked to give up a place who has just got it, or an answer: a request may be
/// on its way.
const GRACE: Duration = Duration::from_secs(1);

/// The places.
pub struct Places {
    grace: Duration,
    free: Arc<Semaphore>,
    taken: Mutex<Vec<Weak<Seat>>>,
}

/// The place of a connection, until it is dropped.
pub struct Place {
    seat: Arc<Seat>,
    _permit: OwnedSemaphorePermit,
}

/// A request that is being answered, until it is dropped.
pub struct Busy(Arc<Seat>);

/// What is known of a connection.
struct Seat {
    use_of_it: Mutex<Use>,
    leave: Notify,
    hearing: Hearing,
}

struct Use {
    requests: usize,
    /// Nothing comes of it any more.
    is_ending: bool,
    is_asked_to_leave: bool,
    /// Since when there is no request.
    since: Instant,
}

impl Places {
    pub fn new(most: usize) -> Self {
        Self {
            grace: GRACE,
            free: Arc::new(Semaphore::new(most)),
            taken: Mutex::default(),
        }
    }

    /// A place for a connection of which this is heard, once there is one.
    pub async fn take(&self, hearing: Hearing) -> Place {
        let permit = loop {
            let free = self.free.clone();
            if let Ok(permit) = free.clone().try_acquire_owned() {
                break permit;
            }
            self.ask_one_to_leave();
            // The semaphore is never closed.
            if let Ok(Ok(permit)) = timeout(EVERY, free.acquire_owned()).await {
                break permit;
            }
        };
        let seat = Arc::new(Seat {
            use_of_it: Mutex::new(Use {
                requests: 0,
                is_ending: false,
                is_asked_to_leave: false,
                since: Instant::now(),
            }),
            leave: Notify::new(),
            hearing,
        });
        let mut taken = lock(&self.taken);
        taken.retain(|seat| seat.strong_count() > 0);
        taken.push(Arc::downgrade(&seat));
        Place {
            seat,
            _permit: permit,
        }
    }

    /// Asks who has gone longest without a request, if there is such a connection.
    fn ask_one_to_leave(&self) {
        let taken = lock(&self.taken);
        let seats = taken.iter().filter_map(Weak::upgrade);
        let idle = seats.filter_map(|seat| Some((seat.idle_since(self.grace)?, seat)));
        if let Some((_, seat)) = idle.min_by_key(|(since, _)| *since) {
            lock(&seat.use_of_it).is_asked_to_leave = true;
            seat.leave.notify_one();
        }
    }
}

impl Place {
    /// Counts a request.
    pub fn request(&self) -> Busy {
        lock(&self.seat.use_of_it).requests += 1;
        Busy(self.seat.clone())
    }

    /// Whether a request is being answered, or its answer has not left.
    pub fn is_busy(&self) -> bool {
        lock(&self.seat.use_of_it).requests > 0 || self.seat.hearing.is_due()
    }

    /// Says that no request is taken any more.
    pub fn end(&self) {
        let mut found = lock(&self.seat.use_of_it);
        (found.is_ending, found.since) = (true, Instant::now());
    }

    /// Waits until another connection needs the place.
    pub async fn needed(&self) {
        self.seat.leave.notified().await;
    }
}

impl Seat {
    /// Since when there is no request, if there is none, nor was in the time of grace, and all of
    /// the last answer has left.
    fn idle_since(&self, grace: Duration) -> Option<Instant> {
        let found = lock(&self.use_of_it);
        let is_quiet = found.requests == 0 && found.since.elapsed() >= grace;
        let is_idle = found.is_ending || (is_quiet && !self.hearing.is_due());
        (is_idle && !found.is_asked_to_leave).then_some(found.since)
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        // The end of the answer may be on its way only now.
        self.0.hearing.begin();
        let mut found = lock(&self.0.use_of_it);
        found.requests -= 1;
        found.since = Instant::now();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing panics while it holds the lock.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The body of an answer: while there is more of it, its connection is busy.
pub struct Answering<B> {
    body: B,
    _busy: Busy,
}

impl<B> Answering<B> {
    pub fn new(body: B, busy: Busy) -> Self {
        Self { body, _busy: busy }
    }
}

impl<B: Body + Unpin> Body for Answering<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::timeout;

    use super::{Place, Places};
    use crate::serve::http::watched::Hearing;

    async fn is_needed(place: &Place) -> bool {
        timeout(Duration::ZERO, place.needed()).await.is_ok()
    }

    #[tokio::test]
    async fn who_has_gone_longest_without_a_request_leaves_first() {
        let places = Places {
            grace: Duration::ZERO,
            ..Places::new(4)
        };
        let hearings: Vec<Hearing> = (0..4).map(|_| Hearing::default()).collect();
        let mut taken = Vec::new();
        for hearing in &hearings {
            taken.push(places.take(hearing.clone()).await);
        }
        let mut left = Vec::new();
        // The first is answered, the second has just been, and the third is still sent an answer.
        let busy = taken[0].request();
        drop(taken[1].request());
        hearings[1].flushed();
        hearings[2].begin();
        for _ in 0..3 {
            places.ask_one_to_leave();
            for (number, place) in taken.iter().enumerate() {
                if is_needed(place).await {
                    left.push(number);
                }
            }
        }
        assert_eq!(left, [3, 1]);
        assert!(taken[0].is_busy());
        drop(busy);
        hearings[0].flushed();
        taken[2].end();
        for number in [0, 2] {
            places.ask_one_to_leave();
            assert!(is_needed(&taken[number]).await, "{number}");
        }
        // Where nobody is left to be asked, it waits.
        let most = Duration::from_millis(250);
        assert!(
            timeout(most, places.take(Hearing::default()))
                .await
                .is_err()
        );
        drop(taken);
        places.take(Hearing::default()).await;
    }

    #[tokio::test]
    async fn nobody_leaves_whose_request_may_be_on_its_way() {
        let places = Places::new(1);
        let place = places.take(Hearing::default()).await;
        places.ask_one_to_leave();
        assert!(!is_needed(&place).await);
        // In time another is served all the same.
        let come = tokio::time::timeout(Duration::from_secs(60), async {
            tokio::join!(places.take(Hearing::default()), async {
                place.needed().await;
                drop(place);
            })
        });
        assert!(come.await.is_ok());
    }
}
