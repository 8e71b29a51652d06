//! Has calls end where nothing is under way.

use std::fmt;
use std::sync::Arc;

use tokio::sync::watch;

/// Has the calls of a client end wherever nothing of theirs is under way: while they wait
/// for their turn, for a connection, or before another attempt.
///
/// A call that waited before another attempt ends with the error of the last one, and one
/// of which nothing was sent at [`Stage::NotSent`](crate::Stage::NotSent). A request that
/// was sent is waited for. Clones are one signal: see
/// [`Client::with_stop`](crate::Client::with_stop).
#[derive(Clone)]
pub struct StopSignal(Arc<watch::Sender<bool>>);

impl Default for StopSignal {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(false)))
    }
}

impl fmt::Debug for StopSignal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("StopSignal").field(&self.is_given()).finish()
    }
}

impl StopSignal {
    /// A signal that is not given yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Gives the signal, for good.
    pub fn give(&self) {
        self.0.send_replace(true);
    }

    /// Whether it was given.
    #[must_use]
    pub fn is_given(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits until it is given.
    pub async fn given(&self) {
        let mut receiver = self.0.subscribe();
        // There is a sender as long as this is borrowed.
        let _ = receiver.wait_for(|given| *given).await;
    }
}
