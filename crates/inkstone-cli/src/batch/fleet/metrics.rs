//! Lets Prometheus read the metrics of a worker, beside its work.

use std::cell::RefCell;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use inkstone_fleet::Overview;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, sleep, timeout};
use tr::tr;

use crate::batch::fleet::backend::FleetBackend;
use crate::error::CliError;

/// How many connections there are at a time; others wait.
const MOST: usize = 16;

/// How long a connection may last.
const LONGEST: Duration = Duration::from_secs(30);

/// How old the count of all jobs may be: it reads the whole table.
const COUNTED: Duration = Duration::from_secs(60);

/// How long to wait when accepting fails, as where file descriptors run out.
const PAUSE: Duration = Duration::from_millis(50);

/// Takes an address, if metrics are to be read there.
pub async fn listen(address: Option<SocketAddr>) -> Result<Option<TcpListener>, CliError> {
    let Some(address) = address else {
        return Ok(None);
    };
    let listener = TcpListener::bind(address).await;
    listener.map(Some).map_err(|error| {
        CliError::usage(tr!(
            "--metrics {address} can't be listened at: {error}",
            address,
            error
        ))
    })
}

/// Answers until it is dropped; without a listener, it waits for ever.
pub async fn serve(listener: Option<&TcpListener>, backend: &FleetBackend<'_>) {
    let Some(listener) = listener else {
        return std::future::pending().await;
    };
    let counted = RefCell::new(None);
    let mut open = FuturesUnordered::new();
    loop {
        tokio::select! {
            accepted = listener.accept(), if open.len() < MOST => match accepted {
                Ok((stream, _)) => open.push(timeout(LONGEST, answer(stream, (backend, &counted)))),
                Err(_) => sleep(PAUSE).await,
            },
            Some(_) = open.next(), if !open.is_empty() => {}
        }
    }
}

/// The count of all jobs, and when it was made.
type Counted = RefCell<Option<(Instant, Overview)>>;

async fn answer(stream: TcpStream, (backend, counted): (&FleetBackend<'_>, &Counted)) {
    let service = service_fn(|request: Request<Incoming>| async move {
        let is_known = request.uri().path() == "/metrics";
        let text = match is_known {
            true => text(backend, counted).await,
            false => "see /metrics\n".to_owned(),
        };
        let mut response = Response::new(Full::new(Bytes::from(text)));
        if !is_known {
            *response.status_mut() = StatusCode::NOT_FOUND;
        }
        let kind = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
        response.headers_mut().insert(CONTENT_TYPE, kind);
        Ok::<_, Infallible>(response)
    });
    let connection = http1::Builder::new()
        .keep_alive(false)
        .serve_connection(TokioIo::new(stream), service);
    // This is an error where the client leaves.
    let _ = connection.await;
}

/// All metrics. Those of the whole batch are as old as a minute, and missing where the journal
/// can't be reached.
async fn text(backend: &FleetBackend<'_>, counted: &Counted) -> String {
    let is_old = counted
        .borrow()
        .as_ref()
        .is_none_or(|(at, _)| at.elapsed() > COUNTED);
    if is_old {
        // Not asked again: the next question comes.
        let overview = backend.journal.overview().await;
        *counted.borrow_mut() = overview.ok().map(|overview| (Instant::now(), overview));
    }
    backend.counters.text(
        backend.journal.database_time(),
        (backend.spool.bytes(), backend.all_held().len()),
        counted.borrow().as_ref().map(|(_, overview)| overview),
    )
}
