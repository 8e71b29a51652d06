//! Accepts connections and serves them, until a signal comes.

use std::convert::Infallible;
use std::future::{pending, poll_fn};
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::time::{interval, sleep};

use crate::client::interrupt::Interrupt;
use crate::console;
use crate::ledger::LedgerError;
use crate::ledger::clock::{now, seconds};
use crate::ledger::conclude::{Forgotten, MOST_FORGOTTEN};
use crate::orders::dispatcher::Dispatcher;
use crate::orders::start::settle;
use crate::output::sidecar;
use crate::serve::http::places::{Answering, Place, Places};
use crate::serve::http::watched::{HungUp, UNREAD, Watched};
use crate::serve::open_files;
use crate::serve::receipt::Receipt;
use crate::serve::route;
use crate::serve::server::Server;

/// How long to wait when accepting fails, as where file descriptors run out.
const PAUSE: Duration = Duration::from_millis(50);

/// How long a client may take for the head of a request.
const HEAD: Duration = Duration::from_secs(30);

/// How long a caller may take to close a connection when the server stops.
const MOMENT: Duration = Duration::from_secs(1);

/// How long an answer is known, and its pictures are there, unless they stay.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// How often what is older than that is removed.
const EVERY: Duration = Duration::from_secs(600);

/// Serves connections until a signal comes, and then what is under way: no longer than
/// `grace`, or until the next signal.
pub async fn serve(server: &Arc<Server>, listener: TcpListener, grace: Duration) {
    let dispatcher = &server.dispatcher;
    let (stop, stopped) = watch::channel(());
    let mut interrupt = Interrupt::new();
    let connection =
        |stream, place| serve_connection(stream, place, server.clone(), stopped.clone());
    tokio::select! {
        _ = interrupt.wait() => {}
        () = accept(&listener, open_files::connections(), connection) => {}
        () = clear_away(dispatcher) => {}
    }
    drop((listener, stopped));
    // Connections end when they have answered.
    stop.send_replace(());
    interrupt.rearm();
    settle(dispatcher, stop.closed(), grace, &mut interrupt).await;
}

/// Accepts connections, as many at a time, and serves each beside the others. Where there are
/// more, those that ask for nothing are told to leave.
pub async fn accept<S: Future<Output = ()> + Send + 'static>(
    listener: &TcpListener,
    most: usize,
    serve: impl Fn(Watched, Arc<Place>) -> S,
) {
    let places = Places::new(most);
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                // If this fails, replies arrive late.
                let _ = stream.set_nodelay(true);
                let stream = Watched::new(stream);
                let place = places.take(stream.hearing()).await;
                tokio::spawn(serve(stream, Arc::new(place)));
            }
            // A failed connection must not stop the server.
            Err(_) => sleep(PAUSE).await,
        }
    }
}

async fn serve_connection(
    watched: Watched,
    place: Arc<Place>,
    server: Arc<Server>,
    mut stopped: watch::Receiver<()>,
) {
    let receipt = Receipt::new(watched.hearing());
    let service = service_fn(|mut request: Request<Incoming>| {
        // Who asks for more has had what came before, unless it did not wait for that.
        if receipt.is_heard() {
            tokio::spawn(receipt.confirm());
        }
        let (server, receipt, busy) = (server.clone(), receipt.clone(), place.request());
        Box::pin(async move {
            request.extensions_mut().insert(receipt);
            let answer = route::answer(&server, request).await;
            Ok::<_, Infallible>(answer.map(|body| Answering::new(body, busy)))
        })
    });
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(HEAD);
    let mut connection = builder.serve_connection(TokioIo::new(watched), service);
    // This is an error where the client leaves, or is late with the next request.
    let end = tokio::select! {
        _ = poll_fn(|context| connection.poll_without_shutdown(context)) => End::Ended,
        _ = stopped.changed() => End::Stopped,
        () = place.needed() => End::Displaced,
    };
    // A request may have come at the same moment; who has sent a part of one is not waited for.
    if end == End::Stopped || (end == End::Displaced && place.is_busy()) {
        Pin::new(&mut connection).graceful_shutdown();
        let _ = poll_fn(|context| connection.poll_without_shutdown(context)).await;
    }
    place.end();
    let connection = connection.into_parts().io.into_inner();
    let stopping = async {
        // Where the server stops already, its channel says so no more.
        match stopped.changed().await {
            Ok(()) => sleep(MOMENT).await,
            Err(_) => pending().await,
        }
    };
    let is_had = tokio::select! {
        is_had = hang_up(connection, end, &receipt) => is_had,
        () = stopping => false,
        () = place.needed() => false,
    };
    // Otherwise it is given once more, which costs nothing.
    if is_had {
        receipt.confirm().await;
    }
}

/// Why a connection is served no more.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    /// The other side left, or was late, or has its answer.
    Ended,
    /// The server stops.
    Stopped,
    /// Another connection needs its place.
    Displaced,
}

/// Hangs up; whether the caller has had the last answer, as far as that is known.
async fn hang_up(connection: Watched, end: End, receipt: &Receipt) -> bool {
    let most = if end == End::Ended { HEAD } else { MOMENT };
    // Nothing is to be learned of the caller without an answer.
    if !receipt.is_open() {
        if end != End::Displaced {
            connection.end_unread(most.min(UNREAD)).await;
        }
        return false;
    }
    match connection.end(most).await {
        HungUp::Closed => true,
        HungUp::Broken => false,
        // Pools keep connections that nothing goes over, and what dies breaks its own.
        HungUp::Unknown => end == End::Ended,
    }
}

/// Removes what is older than a day, now and then.
async fn clear_away(dispatcher: &Dispatcher) {
    let mut clock = interval(EVERY);
    loop {
        clock.tick().await;
        let before = now().saturating_sub(seconds(DAY));
        // Fewer come where no more are to be forgotten.
        while clear_some(dispatcher, before).await == MOST_FORGOTTEN {}
    }
}

/// Removes some of what is older than a time; returns of how many orders.
async fn clear_some(dispatcher: &Dispatcher, before: i64) -> usize {
    match dispatcher.ledger.forget(before).await {
        Ok(forgotten) => {
            forgotten
                .iter()
                .filter(|order| !stays(dispatcher, order))
                .for_each(|order| remove(&dispatcher.out, &order.files));
            forgotten.len()
        }
        Err(LedgerError(why)) => {
            console::warning(&why);
            0
        }
    }
}

/// Whether the pictures of an order that was forgotten stay, as they were to when it came or are
/// to now.
fn stays(dispatcher: &Dispatcher, order: &Forgotten) -> bool {
    let has_sidecar = |name: &String| sidecar::is_beside(&dispatcher.out.join(name));
    dispatcher.retention.keeps_pictures()
        || match order.retention {
            Some(retention) => retention.keeps_pictures(),
            // Where they were to, there is a file beside each.
            None => order.files.iter().any(has_sidecar),
        }
}

fn remove(directory: &Path, names: &[String]) {
    for name in names {
        // It may be gone already.
        let _ = std::fs::remove_file(directory.join(name));
    }
}
