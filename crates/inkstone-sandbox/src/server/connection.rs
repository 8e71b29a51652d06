//! Accepts connections and serves them.

use std::convert::Infallible;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::sleep;

use crate::http::cut_stream::{CutHandle, CutStream};
use crate::journal::recorder::Recorded;
use crate::script::effect::CutKind;
use crate::server::dispatch;
use crate::server::state::State;

/// How long to wait when accepting fails, as where file descriptors run out.
const PAUSE: Duration = Duration::from_millis(50);

/// Serves connections until the server stops, which also ends the open ones.
pub async fn serve(
    listener: TcpListener,
    state: Arc<State>,
    mut stop: watch::Receiver<()>,
) -> io::Result<()> {
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            // It only changes when the sender is dropped.
            _ = stop.changed() => return Ok(()),
        };
        match accepted {
            Ok((stream, _)) => start(stream, &state, stop.clone()),
            // A failed connection must not stop the server.
            Err(_) => sleep(PAUSE).await,
        }
    }
}

fn start(stream: TcpStream, state: &Arc<State>, stop: watch::Receiver<()>) {
    if let Some((kind, step)) = state.script.take_connection_cut() {
        let recorded = Recorded {
            step,
            ..Recorded::default()
        };
        recorded.record(&state.journal);
        if kind == CutKind::Reset {
            // If this fails, the connection is closed all the same.
            let _ = stream.set_zero_linger();
        }
        return;
    }
    // A dripping body has to leave piece by piece; if this fails, pieces arrive late.
    let _ = stream.set_nodelay(true);
    tokio::spawn(serve_connection(stream, state.clone(), stop));
}

async fn serve_connection(stream: TcpStream, state: Arc<State>, mut stop: watch::Receiver<()>) {
    let handle = CutHandle::default();
    let stream = TokioIo::new(CutStream::new(stream, handle.clone()));
    let service = service_fn(move |request| {
        let (state, handle) = (state.clone(), handle.clone());
        async move { Ok::<_, Infallible>(dispatch::handle(&state, &handle, request).await) }
    });
    tokio::select! {
        // This is an error where a script breaks the connection or the client leaves.
        _ = http1::Builder::new().serve_connection(stream, service) => {}
        _ = stop.changed() => {}
    }
}
