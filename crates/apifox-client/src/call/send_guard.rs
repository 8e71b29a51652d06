//! Tells whether anything of a request was sent, and keeps one that was given up from
//! being sent later.
//!
//! hyper writes a request's head into the same buffer as the first bytes of its body, and
//! flushes neither before it asked for those. So a body that was never asked for is a
//! request of which no byte left this machine: the connection was still being made, or a
//! pooled one turned out to be dead.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body as _, Frame, SizeHint};
use reqwest::{Body, Request};

const WAITING: u8 = 0;
const SENT: u8 = 1;
const ABORTED: u8 = 2;

/// Watches the body of one request.
pub(crate) struct SendGuard(Arc<AtomicU8>);

/// Puts a guard before the body of `request`. Without a body there is nothing to watch, and
/// the request counts as sent from the start.
pub(crate) fn guard(mut request: Request) -> (Request, SendGuard) {
    let body = request.body_mut().take();
    let is_guarded = body.as_ref().is_some_and(|body| !body.is_end_stream());
    let state = Arc::new(AtomicU8::new(if is_guarded { WAITING } else { SENT }));
    *request.body_mut() = body.map(|inner| {
        Body::wrap(GuardedBody {
            inner,
            state: state.clone(),
        })
    });
    (request, SendGuard(state))
}

/// Moves a request that nothing was sent of to `next`, or returns where it stands.
fn leave_waiting(state: &AtomicU8, next: u8) -> Result<u8, u8> {
    state.compare_exchange(WAITING, next, Ordering::AcqRel, Ordering::Acquire)
}

impl SendGuard {
    /// Stops the request if nothing of it was sent yet. Whether nothing was, in which case
    /// nothing ever will be.
    pub fn abort(&self) -> bool {
        leave_waiting(&self.0, ABORTED) != Err(SENT)
    }
}

struct GuardedBody {
    inner: Body,
    state: Arc<AtomicU8>,
}

impl http_body::Body for GuardedBody {
    type Data = Bytes;
    type Error = Box<dyn std::error::Error + Send + Sync>;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        if leave_waiting(&self.state, SENT) == Err(ABORTED) {
            // The body was asked for after the call had been given up.
            return Poll::Ready(Some(Err("the call was given up before it was sent".into())));
        }
        let frame = ready!(Pin::new(&mut self.inner).poll_frame(context));
        Poll::Ready(frame.map(|frame| frame.map_err(Into::into)))
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::pin::Pin;

    use http_body::Body as _;
    use reqwest::{Client, Request};

    use super::guard;

    fn request(body: &'static str) -> Request {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let request = Client::new().post("http://localhost").body(body);
        request.build().expect("a request")
    }

    async fn is_sent(request: &mut Request) -> bool {
        let body = request.body_mut().as_mut().expect("a body");
        let frame = poll_fn(|context| Pin::new(&mut *body).poll_frame(context)).await;
        frame.expect("a frame").is_ok()
    }

    #[tokio::test]
    async fn a_body_is_sent_before_the_call_is_given_up_or_never() {
        let (mut sent, send_guard) = guard(request("{}"));
        assert_eq!(sent.body().expect("a body").size_hint().exact(), Some(2));
        assert!(is_sent(&mut sent).await);
        assert!(!send_guard.abort());

        let (mut unsent, send_guard) = guard(request("{}"));
        assert!(send_guard.abort());
        assert!(!is_sent(&mut unsent).await);
        assert!(send_guard.abort(), "it stays so");

        let (_, send_guard) = guard(request(""));
        assert!(!send_guard.abort(), "nobody can tell");
    }
}
