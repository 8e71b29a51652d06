//! Was anything of a request sent? The gate that its body has to pass can tell.
//!
//! hyper writes a request's head into the same buffer as the first bytes of its
//! body, and flushes neither before it asked for those. So a body that was never
//! asked for is a request of which no byte left this machine: the connection was
//! still being made, or a pooled one turned out to be dead. Once
//! [`shut`](Gate::shut), the gate also keeps a request from being sent by a
//! connection that only now gets round to it.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body as _, Frame, SizeHint};
use reqwest::{Body, Request};

const OPEN: u8 = 0;
const PASSED: u8 = 1;
const SHUT: u8 = 2;

/// What a request's body has to pass on its way out.
pub(crate) struct Gate(Arc<AtomicU8>);

/// Puts a gate before the body of `request`. Without a body there is nothing to
/// watch, and the request counts as sent from the start.
pub(crate) fn watch(mut request: Request) -> (Request, Gate) {
    let body = request.body_mut().take();
    let watched = body.as_ref().is_some_and(|body| !body.is_end_stream());
    let state = Arc::new(AtomicU8::new(if watched { OPEN } else { PASSED }));
    *request.body_mut() = body.map(|inner| {
        Body::wrap(Watched {
            inner,
            state: state.clone(),
        })
    });
    (request, Gate(state))
}

impl Gate {
    /// Whether nothing was sent, and from now on nothing will be.
    pub fn shut(&self) -> bool {
        let before = self
            .0
            .compare_exchange(OPEN, SHUT, Ordering::AcqRel, Ordering::Acquire);
        before != Err(PASSED)
    }
}

struct Watched {
    inner: Body,
    state: Arc<AtomicU8>,
}

/// The body was asked for after the call had given up.
#[derive(Debug)]
struct GivenUp;

impl fmt::Display for GivenUp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the call was given up before it was sent")
    }
}

impl std::error::Error for GivenUp {}

impl http_body::Body for Watched {
    type Data = Bytes;
    type Error = Box<dyn std::error::Error + Send + Sync>;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let before = self
            .state
            .compare_exchange(OPEN, PASSED, Ordering::AcqRel, Ordering::Acquire);
        if before == Err(SHUT) {
            return Poll::Ready(Some(Err(GivenUp.into())));
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

    use super::watch;

    fn request(body: &'static str) -> Request {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let request = Client::new().post("http://localhost").body(body);
        request.build().expect("a request")
    }

    async fn is_asked_for(request: &mut Request) -> bool {
        let body = request.body_mut().as_mut().expect("a body");
        let frame = poll_fn(|context| Pin::new(&mut *body).poll_frame(context)).await;
        frame.expect("a frame").is_ok()
    }

    #[tokio::test]
    async fn a_body_passes_before_the_gate_is_shut_or_never() {
        let (mut sent, gate) = watch(request("{}"));
        assert_eq!(sent.body().expect("a body").size_hint().exact(), Some(2));
        assert!(is_asked_for(&mut sent).await);
        assert!(!gate.shut());

        let (mut unsent, gate) = watch(request("{}"));
        assert!(gate.shut());
        assert!(!is_asked_for(&mut unsent).await);
        assert!(gate.shut(), "it stays shut");

        let (_, gate) = watch(request(""));
        assert!(!gate.shut(), "nobody can tell");
    }
}
