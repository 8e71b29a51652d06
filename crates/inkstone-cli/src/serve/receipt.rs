//! Whether a caller has had its answer, as far as a connection tells: it was used again, or closed
//! in order. A caller that died with the answer unread breaks it.

use std::sync::{Arc, Mutex, PoisonError};

use crate::ledger::running::Attachment;
use crate::orders::dispatcher::Dispatcher;
use crate::serve::http::watched::Hearing;

/// The answer that was sent last over a connection, until it is known whether it was had. Where
/// this is dropped before, it is lost, and waits for the next attempt.
#[derive(Clone, Default)]
pub struct Receipt {
    sent: Arc<Mutex<Option<Sent>>>,
    /// What is heard over the connection.
    hearing: Hearing,
}

/// An answer whose last byte is on its way.
struct Sent {
    dispatcher: Arc<Dispatcher>,
    /// Until then its caller counts as connected.
    attachment: Attachment,
}

impl Receipt {
    /// Of the connection over which this is heard.
    pub fn new(hearing: Hearing) -> Self {
        Self {
            sent: Arc::default(),
            hearing,
        }
    }

    /// The last byte of an answer is on its way.
    pub fn sent(&self, dispatcher: Arc<Dispatcher>, attachment: Attachment) {
        let sent = Sent {
            dispatcher,
            attachment,
        };
        self.hearing.begin();
        *self.sent.lock().unwrap_or_else(PoisonError::into_inner) = Some(sent);
    }

    /// Whether the caller has had an answer of which that is not noted yet, for it has sent
    /// something since.
    pub fn is_heard(&self) -> bool {
        self.is_open() && self.hearing.is_heard()
    }

    /// Whether an answer was sent of which is not known whether it was had.
    pub fn is_open(&self) -> bool {
        let sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        sent.is_some()
    }

    /// Notes that the caller has had what was sent until now.
    pub fn confirm(&self) -> impl Future<Output = ()> + Send + use<> {
        let sent = self
            .sent
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        async move {
            if let Some(sent) = sent {
                // What is not noted is only given once more to who asks again.
                let _ = sent.dispatcher.ledger.deliver(sent.attachment).await;
            }
        }
    }
}
