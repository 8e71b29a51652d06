//! How does a connection come in and go?

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

use crate::handler::{self, Shared};
use crate::wire::{How, Line, Wire};

/// Long enough for others to give back what ran out, such as file descriptors.
const PAUSE: Duration = Duration::from_millis(50);

/// Takes connections until the server is to stop, which also ends those there are.
pub async fn serve(
    listener: TcpListener,
    shared: Arc<Shared>,
    mut stop: watch::Receiver<()>,
) -> io::Result<()> {
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            // The only news is that the sender is gone.
            _ = stop.changed() => return Ok(()),
        };
        match accepted {
            Ok((stream, _)) => take(stream, &shared, stop.clone()),
            // One connection's trouble is no reason to refuse the next.
            Err(_) => sleep(PAUSE).await,
        }
    }
}

fn take(stream: TcpStream, shared: &Arc<Shared>, stop: watch::Receiver<()>) {
    if let Some((how, step)) = shared.script.refuses_connection() {
        handler::record_connection(shared, step);
        if how == How::Reset {
            // Where it fails, the connection is closed all the same.
            let _ = stream.set_zero_linger();
        }
        return;
    }
    // What drips has to leave drop by drop; where that fails, it comes late.
    let _ = stream.set_nodelay(true);
    tokio::spawn(converse(stream, shared.clone(), stop));
}

async fn converse(stream: TcpStream, shared: Arc<Shared>, mut stop: watch::Receiver<()>) {
    let line = Line::default();
    let wire = TokioIo::new(Wire::new(stream, line.clone()));
    let service = service_fn(move |request| {
        let (shared, line) = (shared.clone(), line.clone());
        async move { Ok::<_, Infallible>(handler::handle(&shared, &line, request).await) }
    });
    tokio::select! {
        // It ends with an error where a script has it break, or the client left.
        _ = http1::Builder::new().serve_connection(wire, service) => {}
        _ = stop.changed() => {}
    }
}
