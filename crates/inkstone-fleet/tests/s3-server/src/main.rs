//! An S3 server for tests: `inkstone-s3-server DIRECTORY ONE_IN [LAG]`. It prints its address, keeps
//! a bucket called `pictures` in the directory, and fails one request in so many, in turns:
//! before it is carried out, and after. What is put is there to be read after so many milliseconds.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::error::Error;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use s3s::Body;
use s3s::auth::SimpleAuth;
use s3s::config::{S3Config, StaticConfigProvider};
use s3s::service::{S3Service, S3ServiceBuilder};
use tokio::net::TcpListener;

/// How far the clocks of whoever asks may be off, in seconds: real stores allow a quarter of an
/// hour, and tests are about workers whose clocks are hours apart.
const CLOCKS: u32 = 24 * 3600;

/// How many requests came.
static REQUESTS: AtomicU64 = AtomicU64::new(0);

/// When what was put first.
static PUT: Mutex<BTreeMap<String, Instant>> = Mutex::new(BTreeMap::new());

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let (Some(directory), Some(one_in)) = (args.next(), args.next()) else {
        return Err("inkstone-s3-server DIRECTORY ONE_IN".into());
    };
    let one_in: u64 = one_in.parse()?;
    let lag = args.next().map(|lag| lag.parse()).transpose()?;
    let lag = Duration::from_millis(lag.unwrap_or_default());
    std::fs::create_dir_all(Path::new(&directory).join("pictures"))?;
    let files = s3s_fs::FileSystem::new(&directory).map_err(|error| format!("{error:?}"))?;
    let mut builder = S3ServiceBuilder::new(files);
    builder.set_auth(SimpleAuth::from_single("key", "secret"));
    let mut config = S3Config::default();
    config.presigned_url_max_skew_time_secs = CLOCKS;
    builder.set_config(Arc::new(StaticConfigProvider::new(Arc::new(config))));
    let service = builder.build();
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("http://{}", listener.local_addr()?);
    loop {
        let (stream, _) = listener.accept().await?;
        let service = service.clone();
        tokio::spawn(async move {
            let answering = service_fn(|request| answer(&service, request, (one_in, lag)));
            let serving = hyper::server::conn::http1::Builder::new();
            // Whoever goes away comes again.
            let _ = serving
                .serve_connection(TokioIo::new(stream), answering)
                .await;
        });
    }
}

async fn answer(
    service: &S3Service,
    request: Request<Incoming>,
    (one_in, lag): (u64, Duration),
) -> Result<Response<Body>, Infallible> {
    if is_behind(&request, lag) {
        return Ok(with_status(StatusCode::NOT_FOUND));
    }
    let number = REQUESTS.fetch_add(1, Ordering::Relaxed) + 1;
    let fails = one_in > 0 && number % one_in == 0;
    if fails && (number / one_in) % 2 == 0 {
        return Ok(with_status(StatusCode::SERVICE_UNAVAILABLE));
    }
    match service.call(request.map(Body::from)).await {
        Ok(reply) if !fails => Ok(reply),
        _ => Ok(with_status(StatusCode::SERVICE_UNAVAILABLE)),
    }
}

/// Whether what is asked for was put so recently that it is not there to be read.
fn is_behind(request: &Request<Incoming>, lag: Duration) -> bool {
    let path = request.uri().path();
    let mut put = PUT.lock().unwrap_or_else(PoisonError::into_inner);
    match *request.method() {
        Method::PUT => {
            put.entry(path.to_owned()).or_insert_with(Instant::now);
            false
        }
        Method::GET => put.get(path).is_some_and(|since| since.elapsed() < lag),
        _ => false,
    }
}

fn with_status(status: StatusCode) -> Response<Body> {
    let mut reply = Response::new(Body::from("at a loss".to_owned()));
    *reply.status_mut() = status;
    reply
}
