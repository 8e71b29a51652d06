//! The protocol over HTTP, on this machine alone.

use std::convert::Infallible;
use std::future::poll_fn;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use rmcp::transport::streamable_http_server::session::local::LocalSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};
use tokio::net::TcpListener;
use tr::tr;

use crate::args::servers::mcp::McpArgs;
use crate::client::interrupt::Interrupt;
use crate::console;
use crate::error::CliError;
use crate::language::for_user;
use crate::ledger::account::Budget;
use crate::mcp::handler::Tools;
use crate::serve::api_error::ApiError;
use crate::serve::callers::{Callers, new_key};
use crate::serve::http::own_host::OwnNames;
use crate::serve::http::places::{Answering, Place};
use crate::serve::http::watched::{UNREAD, Watched};
use crate::serve::listener::accept;
use crate::serve::reply;

/// Where the protocol is spoken.
const PATH: &str = "/mcp";

/// How many connections there are at a time; others wait.
const MOST: usize = 64;

/// The longest request, in bytes: a data URI may be in it.
const LONGEST: usize = 64 << 20;

type Service = StreamableHttpService<Tools, LocalSessionManager>;
type Reply = Response<BoxBody<Bytes, Infallible>>;

/// What all connections share.
struct Server {
    service: Service,
    /// Who may call; anyone where nothing is billed.
    callers: Option<Callers>,
    names: OwnNames,
}

/// Serves until a signal comes.
pub async fn serve(
    tools: Tools,
    address: SocketAddr,
    args: &McpArgs,
    interrupt: &mut Interrupt,
) -> Result<(), CliError> {
    let listener = TcpListener::bind(address).await;
    let listener = listener.map_err(|error| {
        for_user(|| CliError::usage(tr!("can't listen on {address}: {error}", address, error)))
    })?;
    let address = listener.local_addr().unwrap_or(address);
    console::line(&format!("http://{address}{PATH}"))?;
    let callers = match args.orders.sandbox {
        true => None,
        false => {
            let key = new_key()?;
            console::line(&key)?;
            Some(Callers::one(&key, Budget::default()))
        }
    };
    let config = StreamableHttpServerConfig::default()
        .enforce_origin_validation()
        .with_max_request_body_bytes(LONGEST);
    let service = StreamableHttpService::new(
        move || Ok(tools.clone()),
        Arc::new(LocalSessionManager::default()),
        config,
    );
    let server = Arc::new(Server {
        service,
        callers,
        names: OwnNames::default(),
    });
    // Whatever is under way then is waited for elsewhere.
    let connection = |stream, place| serve_connection(server.clone(), stream, place);
    let _ = interrupt.or(accept(&listener, MOST, connection)).await;
    Ok(())
}

async fn serve_connection(server: Arc<Server>, stream: Watched, place: Arc<Place>) {
    let service = service_fn(|request| {
        let (server, busy) = (server.clone(), place.request());
        Box::pin(async move {
            let answer = server.answer(request).await;
            Ok::<_, Infallible>(answer.map(|body| Answering::new(body, busy)))
        })
    });
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new());
    let mut connection = builder.serve_connection(TokioIo::new(stream), service);
    // This is an error where the client leaves.
    let is_needed = tokio::select! {
        _ = poll_fn(|context| connection.poll_without_shutdown(context)) => false,
        () = place.needed() => true,
    };
    // A request may have come at the same moment.
    if is_needed && place.is_busy() {
        Pin::new(&mut connection).graceful_shutdown();
        let _ = poll_fn(|context| connection.poll_without_shutdown(context)).await;
    }
    place.end();
    if !is_needed {
        let stream = connection.into_parts().io.into_inner();
        tokio::select! {
            () = stream.end_unread(UNREAD) => {}
            () = place.needed() => {}
        }
    }
}

impl Server {
    async fn answer(&self, request: Request<Incoming>) -> Reply {
        let headers = request.headers();
        if !self.names.has_host(headers) || !self.names.has_origin(headers) {
            return refuse(StatusCode::MISDIRECTED_REQUEST, "not for this server");
        }
        let found = self.callers.as_ref().map(|callers| callers.find(headers));
        if let Some(Err(error)) = found {
            return without_key(&error);
        }
        if request.uri().path() != PATH {
            return refuse(StatusCode::NOT_FOUND, "the protocol is spoken at /mcp");
        }
        self.service.handle(request).await
    }
}

fn without_key(error: &ApiError) -> Reply {
    let mut response = refuse(error.status, &error.json().to_string());
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    reply::describe(error, headers);
    response
}

fn refuse(status: StatusCode, text: &str) -> Reply {
    let body = Full::new(Bytes::from(format!("{text}\n"))).boxed();
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response
}
